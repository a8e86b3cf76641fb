//! The object that a snapshot is: which section comes, and who reads it.

use std::io;

use super::header::{self, Layout};
use super::marks::Marks;
use super::numbers::NumberReader;
use super::options::{RedactOptions, RedactReport};
use super::sections::{EdgeState, Edges, Nodes, Traces};
use super::strings::StringTable;
use super::Step;
use crate::Error;

/// Longest key of the object that is read; V8's longest has 20 bytes.
const LONGEST_KEY: usize = 64;

/// The reader of the text.
#[derive(Debug)]
pub(super) struct Body {
    options: RedactOptions,
    report: RedactReport,
    offset: u64,
    place: Place,
    key: Vec<u8>,
    seen: Seen,
    header: Vec<u8>,
    layout: Option<Layout>,
    marks: Marks,
    node_kind: u64,
    edge_state: EdgeState,
}

#[derive(Debug)]
enum Place {
    Start,
    /// Before a key; the object may end here if no comma came.
    BeforeKey {
        after_comma: bool,
    },
    Key,
    AfterKey,
    BeforeValue,
    /// In the header: nesting, and whether in a string there.
    Header {
        depth: u64,
        in_text: bool,
    },
    Numbers(Section, NumberReader),
    Strings(StringTable),
    /// In a section of numbers only.
    Other {
        depth: u64,
    },
    AfterValue,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Nodes,
    Edges,
    Traces,
}

#[derive(Debug, Default)]
struct Seen {
    nodes: bool,
    edges: bool,
    traces: bool,
    strings: bool,
}

impl Body {
    pub(super) fn new(options: RedactOptions) -> Body {
        Body {
            options,
            report: RedactReport::default(),
            offset: 0,
            place: Place::Start,
            key: Vec::new(),
            seen: Seen::default(),
            header: Vec::new(),
            layout: None,
            marks: Marks::default(),
            node_kind: 0,
            edge_state: EdgeState::default(),
        }
    }

    /// Whether the object has ended.
    pub(super) fn is_complete(&self) -> bool {
        matches!(self.place, Place::End)
    }

    pub(super) fn report(&self) -> RedactReport {
        RedactReport {
            indexes: self.edge_state.replaced,
            ..self.report
        }
    }

    /// The error of a text that is refused at the current place.
    pub(super) fn refusal(&self, reason: &'static str) -> io::Error {
        let error = Error::Redact {
            offset: self.offset,
            section: String::from_utf8_lossy(&self.key).into_owned(),
            reason,
        };
        io::Error::new(io::ErrorKind::InvalidData, error)
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let taken = self.step(rest, out).map_err(|reason| self.refusal(reason))?;
            self.offset += taken as u64;
            rest = &rest[taken..];
        }
        Ok(())
    }

    /// Takes at least one byte, and returns how many.
    fn step(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Step<usize> {
        match &mut self.place {
            Place::Numbers(..) => return self.step_numbers(bytes, out),
            Place::Strings(table) => {
                let (taken, ended) = table.feed(bytes, out, &self.marks, &self.options, &mut self.report)?;
                if ended {
                    self.place = Place::AfterValue;
                }
                return Ok(taken);
            }
            _ => {}
        }
        let byte = bytes[0];
        match &mut self.place {
            Place::Header { .. } => {
                self.step_header(byte, out)?;
                return Ok(1);
            }
            Place::Other { depth } => {
                match byte {
                    b'[' => *depth += 1,
                    b']' => *depth -= 1,
                    b'0'..=b'9' | b'-' | b'.' | b',' | b' ' | b'\n' | b'\r' | b'\t' => {}
                    _ => return Err("a section that is not known holds something other than numbers"),
                }
                if *depth == 0 {
                    self.place = Place::AfterValue;
                }
            }
            Place::Key if byte == b'"' => self.place = Place::AfterKey,
            Place::Key => {
                if !header::may_hold(byte) || self.key.len() == LONGEST_KEY {
                    return Err("the name of a section is not one that V8 could give");
                }
                self.key.push(byte);
            }
            _ if matches!(byte, b' ' | b'\n' | b'\r' | b'\t') => {}
            _ => {
                self.place = match (&self.place, byte) {
                    (Place::Start, b'{') => Place::BeforeKey { after_comma: false },
                    (Place::BeforeKey { .. }, b'"') => {
                        self.key.clear();
                        Place::Key
                    }
                    (Place::BeforeKey { after_comma: false }, b'}') => return Err("the snapshot is empty"),
                    (Place::AfterKey, b':') => Place::BeforeValue,
                    (Place::BeforeValue, _) => self.begin_value(byte)?,
                    (Place::AfterValue, b',') => Place::BeforeKey { after_comma: true },
                    (Place::AfterValue, b'}') if self.seen.strings => Place::End,
                    (Place::AfterValue, b'}') => return Err("there is no section of strings"),
                    _ => return Err("this is not where JSON has such a character"),
                };
            }
        }
        // The header is passed on when it is known to be one.
        if !matches!(self.place, Place::Header { .. }) {
            out.push(byte);
        }
        Ok(1)
    }

    /// Which reader the section needs that begins with `byte`.
    fn begin_value(&mut self, byte: u8) -> Step<Place> {
        let again = match self.key.as_slice() {
            b"snapshot" => self.layout.is_some(),
            b"nodes" => std::mem::replace(&mut self.seen.nodes, true),
            b"edges" => std::mem::replace(&mut self.seen.edges, true),
            b"trace_function_infos" => std::mem::replace(&mut self.seen.traces, true),
            b"strings" => std::mem::replace(&mut self.seen.strings, true),
            _ => false,
        };
        if again {
            return Err("a section comes twice");
        }
        if self.key == b"snapshot" {
            if byte != b'{' {
                return Err("the header is no object");
            }
            self.header.push(byte);
            return Ok(Place::Header {
                depth: 1,
                in_text: false,
            });
        }
        let Some(layout) = &self.layout else {
            return Err("the header does not come first");
        };
        if byte != b'[' {
            return Err("a section is no array");
        }
        let numbers = |section| Ok(Place::Numbers(section, NumberReader::default()));
        match self.key.as_slice() {
            b"strings" if !(self.seen.nodes && self.seen.edges) => Err("strings come before nodes and edges"),
            b"strings" => Ok(Place::Strings(StringTable::default())),
            _ if self.seen.strings => Err("a section comes after the strings"),
            b"nodes" => numbers(Section::Nodes),
            b"edges" => numbers(Section::Edges),
            b"trace_function_infos" if layout.traces.is_some() => numbers(Section::Traces),
            _ => Ok(Place::Other { depth: 1 }),
        }
    }

    fn step_header(&mut self, byte: u8, out: &mut Vec<u8>) -> Step<()> {
        let Place::Header { depth, in_text } = &mut self.place else {
            return Ok(());
        };
        match byte {
            b'"' => *in_text = !*in_text,
            _ if *in_text && !header::may_hold(byte) && !header::may_be_time(byte) => {
                return Err("the header holds a text that is no name of a field or type");
            }
            b'{' => *depth += 1,
            b'}' => *depth -= 1,
            _ => {}
        }
        self.header.push(byte);
        if self.header.len() > header::LONGEST {
            return Err("the header is longer than 64 KiB");
        }
        if *depth == 0 {
            self.layout = Some(Layout::parse(&self.header)?);
            out.extend_from_slice(&self.header);
            self.header = Vec::new();
            self.place = Place::AfterValue;
        }
        Ok(())
    }

    fn step_numbers(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Step<usize> {
        let (Place::Numbers(section, reader), Some(layout)) = (&mut self.place, &self.layout) else {
            return Ok(0);
        };
        let (marks, most_strings) = (&mut self.marks, layout.most_strings);
        let ((taken, ended), records) = match *section {
            Section::Nodes => {
                let (columns, kind) = (&layout.nodes, &mut self.node_kind);
                let mut nodes = Nodes {
                    columns,
                    marks,
                    most_strings,
                    kind,
                };
                (reader.feed(bytes, out, &mut nodes)?, Some(columns.records))
            }
            Section::Edges => {
                let (columns, state, salt) = (&layout.edges, &mut self.edge_state, self.options.keys.as_ref());
                let mut edges = Edges {
                    columns,
                    marks,
                    most_strings,
                    state,
                    salt,
                };
                (reader.feed(bytes, out, &mut edges)?, Some(columns.records))
            }
            Section::Traces => {
                let (stride, strings) = layout
                    .traces
                    .as_ref()
                    .map_or((1, &[][..]), |(stride, strings)| (*stride, strings));
                let mut traces = Traces {
                    stride,
                    strings,
                    marks,
                    most_strings,
                };
                (reader.feed(bytes, out, &mut traces)?, None)
            }
        };
        if ended {
            if records.is_some_and(|records| records != reader.records()) {
                return Err("there are not as many records as the header says");
            }
            self.place = Place::AfterValue;
        }
        Ok(taken)
    }
}
