//! The sections of a file, in the order they come, each into what takes it.

use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc;

use super::fault::{Fault, Outcome};
use super::file::Truncation;
use super::header::Header;
use super::input::{shown, Input};
use super::numbers::{numbers, records, Sink};
use super::sinks::{AllocationFunctionSink, EdgeSink, Ignored, LocationSink, NodeSink};
use super::target::Target;
use super::{json_text, pump, trace_tree, ReadOptions, SnapshotSection};
use crate::model::heap::{GraphFault, HeapGraphBuilder};
use crate::{thread, Error, Result};

/// Fewest bytes that a node or an edge takes in a file: one digit and a comma for each of its three or more fields.
const SHORTEST_RECORD: u64 = 6;

const NO_HEADER: &str = "it has no section \"snapshot\" at its beginning";

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// How a file ended.
pub(super) struct End {
    pub(super) truncation: Option<Truncation>,
    /// Length of the text in bytes.
    pub(super) text_length: u64,
}

/// Reads a file into `target`. One more thread reads and decompresses meanwhile.
pub(super) fn read_into(target: &mut impl Target, source: impl Read + Send, options: ReadOptions<'_>) -> Result<End> {
    let never = AtomicBool::new(false);
    let cancel = options.cancel.unwrap_or(&never);
    let source_bytes = AtomicU64::new(0);
    let source_bytes = &source_bytes;
    std::thread::scope(|scope| {
        // The channels end with this closure, before the scope waits for the thread.
        let (chunks, arriving) = mpsc::sync_channel(pump::WAITING);
        let (used, returning) = mpsc::channel();
        thread::spawn(scope, move || {
            pump::pump(source, source_bytes, cancel, &chunks, &returning)
        })?;
        let input = Input::new(arriving, used, source_bytes, cancel, options);
        Reader::new(input, options, target).run()
    })
}

/// What was read does not hang together.
pub(super) fn unfit(fault: &GraphFault, text_length: u64) -> Error {
    Error::Snapshot {
        section: SnapshotSection::File,
        offset: text_length,
        reason: fault.to_string(),
    }
}

struct Reader<'a, T> {
    input: Input<'a>,
    options: ReadOptions<'a>,
    section: SnapshotSection,
    header: Option<Header>,
    target: &'a mut T,
    seen: Vec<SnapshotSection>,
}

impl<'a, T: Target> Reader<'a, T> {
    fn new(input: Input<'a>, options: ReadOptions<'a>, target: &'a mut T) -> Self {
        Reader {
            input,
            options,
            section: SnapshotSection::File,
            header: None,
            target,
            seen: Vec::new(),
        }
    }

    fn run(mut self) -> Result<End> {
        let truncation = match self.file() {
            Ok(()) => None,
            Err(Fault::Cut { offset }) if self.options.accept_truncated && self.header.is_some() => {
                Some(self.truncation(offset))
            }
            Err(fault) => return Err(fault.into_error(self.section)),
        };
        Ok(End {
            truncation,
            text_length: self.input.offset(),
        })
    }

    fn truncation(&self, offset: u64) -> Truncation {
        let promised = self
            .header
            .as_ref()
            .map_or((0, 0), |header| (header.node_count, header.edge_count));
        let counts = self.target.counts();
        Truncation {
            section: self.section,
            offset,
            nodes: u64::from(counts.nodes),
            promised_nodes: promised.0,
            edges: u64::from(counts.edges),
            promised_edges: promised.1,
            strings: counts.texts,
        }
    }

    fn file(&mut self) -> Outcome<()> {
        // Editors put this mark in front of a text in UTF-8.
        if self.input.peek()? == BYTE_ORDER_MARK[0] {
            for byte in BYTE_ORDER_MARK {
                self.input.expect(byte)?;
            }
        }
        if self.input.peek_token()? != b'{' {
            let (offset, reason) = (self.input.offset(), "it does not begin with \"{\"");
            return Err(Fault::OtherText { offset, reason });
        }
        self.input.skip(1);
        loop {
            self.section = SnapshotSection::File;
            self.input.peek_token()?;
            let start = self.input.offset();
            let key = json_text::key(&mut self.input)?;
            self.begin(&key, start)?;
            self.section()?;
            self.section = SnapshotSection::File;
            match self.input.token()? {
                b',' => {}
                b'}' => break,
                other => {
                    let reason = format!("a comma or \"}}\" should stand here, not {}", shown(other));
                    return Err(Fault::syntax(self.input.offset() - 1, reason));
                }
            }
        }
        self.end()
    }

    /// Nothing but white space may follow, and nothing may be missing.
    fn end(&mut self) -> Outcome<()> {
        let offset = self.input.offset();
        match self.input.peek_token() {
            Err(Fault::Cut { .. }) => {}
            Err(fault) => return Err(fault),
            Ok(other) => {
                let reason = format!("the snapshot has ended, but {} follows", shown(other));
                return Err(Fault::syntax(self.input.offset(), reason));
            }
        }
        if self.header.is_none() {
            return Err(Fault::OtherText {
                offset,
                reason: NO_HEADER,
            });
        }
        for section in [SnapshotSection::Nodes, SnapshotSection::Edges, SnapshotSection::Strings] {
            if !self.seen.contains(&section) {
                return Err(Fault::syntax(offset, format!("the file has no section \"{section}\"")));
            }
        }
        Ok(())
    }

    fn begin(&mut self, key: &[u8], offset: u64) -> Outcome<()> {
        let sums_up = self.target.graph().is_none();
        self.section = match key {
            b"snapshot" => SnapshotSection::Snapshot,
            b"nodes" => SnapshotSection::Nodes,
            b"edges" => SnapshotSection::Edges,
            b"trace_function_infos" if self.tracks_allocations() => SnapshotSection::TraceFunctionInfos,
            b"trace_tree" if self.tracks_allocations() => SnapshotSection::TraceTree,
            b"locations" if self.tells_places() => SnapshotSection::Locations,
            b"strings" => SnapshotSection::Strings,
            _ => SnapshotSection::Skipped,
        };
        let section = self.section;
        if section == SnapshotSection::Skipped {
            return Ok(());
        }
        if self.seen.contains(&section) {
            return Err(Fault::syntax(offset, format!("the section \"{section}\" comes twice")));
        }
        let before = match section {
            SnapshotSection::Nodes => Some(SnapshotSection::Snapshot),
            SnapshotSection::Edges | SnapshotSection::Locations => Some(SnapshotSection::Nodes),
            // Sums know which texts they want when they have seen the nodes.
            SnapshotSection::Strings if sums_up => Some(SnapshotSection::Nodes),
            _ => None,
        };
        if before.is_some() && self.header.is_none() {
            return Err(Fault::OtherText {
                offset,
                reason: NO_HEADER,
            });
        }
        if let Some(before) = before.filter(|before| !self.seen.contains(before)) {
            let reason = format!("the section \"{before}\" should come before \"{section}\"");
            return Err(Fault::syntax(offset, reason));
        }
        self.seen.push(section);
        Ok(())
    }

    fn section(&mut self) -> Outcome<()> {
        match self.section {
            SnapshotSection::Snapshot => self.snapshot(),
            SnapshotSection::Nodes => self.nodes(),
            SnapshotSection::Edges => self.edges(),
            SnapshotSection::TraceFunctionInfos => self.for_graph(AllocationFunctionSink::new),
            SnapshotSection::TraceTree => match self.target.graph() {
                Some(graph) => trace_tree::read(&mut self.input, graph.allocations()),
                None => json_text::value(&mut self.input, None),
            },
            SnapshotSection::Locations => self.for_graph(LocationSink::new),
            SnapshotSection::Strings => json_text::strings(&mut self.input, self.target.texts()),
            SnapshotSection::File | SnapshotSection::Skipped => json_text::value(&mut self.input, None),
        }
    }

    /// Whether the file says how to read where things stand.
    fn tells_places(&self) -> bool {
        // Without a header the section is in the wrong place, whatever it holds.
        let header = self.header.as_ref();
        header.is_none_or(|header| !header.meta.location_fields.is_empty())
    }

    /// Whether the file says how to read who allocated.
    fn tracks_allocations(&self) -> bool {
        let header = self.header.as_ref();
        header.is_some_and(|header| !header.meta.trace_function_info_fields.is_empty())
    }

    fn snapshot(&mut self) -> Outcome<()> {
        let header = Header::read(&mut self.input)?;
        self.target.header(&header);
        self.header = Some(header);
        Ok(())
    }

    fn nodes(&mut self) -> Outcome<()> {
        let promised = self.header.as_ref().map_or(0, |header| header.node_count);
        let believable = self.believable(promised);
        if let Some(graph) = self.target.graph() {
            graph.reserve_nodes(believable);
        }
        self.records(NodeSink::new)?;
        let offset = self.input.offset();
        let found = u64::from(self.target.counts().nodes);
        if promised != 0 && found != promised {
            let reason = format!("there are {found} nodes, but the header promises {promised}");
            return Err(Fault::syntax(offset, reason));
        }
        self.target.end_nodes().map_err(|fault| Fault::graph(offset, &fault))
    }

    fn edges(&mut self) -> Outcome<()> {
        let promised = u64::from(self.target.counts().promised_edges);
        let believable = self.believable(promised);
        if let Some(graph) = self.target.graph() {
            graph.reserve_edges(believable);
        }
        self.records(EdgeSink::new)?;
        let found = u64::from(self.target.counts().edges);
        if found != promised {
            let reason = format!("there are {found} edges, but the nodes count {promised}");
            return Err(Fault::syntax(self.input.offset(), reason));
        }
        Ok(())
    }

    /// As many records as were promised and as the length of the file can hold; a few when that is not known.
    fn believable(&self, promised: u64) -> usize {
        let most = self.options.text_length.unwrap_or(1 << 20) / SHORTEST_RECORD;
        usize::try_from(promised.min(most)).unwrap_or(0)
    }

    fn records<'s, S: Sink>(
        &'s mut self,
        sink: fn(&Header, &'s mut T) -> std::result::Result<S, String>,
    ) -> Outcome<()> {
        records(&mut self.input, self.header.as_ref(), self.target, sink)
    }

    /// The same for what only a graph wants.
    fn for_graph<'s, S: Sink>(
        &'s mut self,
        sink: fn(&Header, &'s mut HeapGraphBuilder) -> std::result::Result<S, String>,
    ) -> Outcome<()> {
        match self.target.graph() {
            Some(graph) => records(&mut self.input, self.header.as_ref(), graph, sink),
            None => numbers(&mut self.input, &mut Ignored),
        }
    }
}
