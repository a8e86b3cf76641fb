//! The sections of a file, in the order they come, each into its part of the graph.

use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::mpsc;

use super::fault::{Fault, Outcome};
use super::file::{HeapSnapshotFile, Truncation};
use super::header::Header;
use super::input::{shown, Input};
use super::numbers::{numbers, Sink};
use super::sinks::{AllocationFunctionSink, EdgeSink, LocationSink, NodeSink};
use super::{json_text, pump, trace_tree, ReadOptions, SnapshotSection};
use crate::model::heap::{HeapGraphBuilder, HeapStrings};
use crate::{thread, Error, Result};

/// Fewest bytes that a node or an edge takes in a file: one digit and a comma for each of its three or more fields.
const SHORTEST_RECORD: u64 = 6;

const NO_HEADER: &str = "it has no section \"snapshot\" at its beginning";

/// Reads a heap snapshot. Time is linear in its length; one more thread reads and decompresses meanwhile. Memory is
/// that of the graph and some 3 MB.
///
/// # Errors
///
/// [`Error::NotASnapshot`] for another text, [`Error::Snapshot`] for one that is not consistent, [`Error::SnapshotCut`] for one that
/// ends too early, [`Error::Source`] when the source fails or its compression is damaged, [`Error::NoThread`],
/// [`Error::Cancelled`].
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};
/// let text = br#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
///     "node_types":[["synthetic"],"string","number","number","number"],
///     "edge_fields":["type","name_or_index","to_node"],"edge_types":[["element"],"string_or_number","node"]},
///     "node_count":1,"edge_count":1},"nodes":[0,0,1,0,1],"edges":[0,1,0],"strings":["(root)"]}"#;
/// let file = read(&text[..], ReadOptions::default())?;
/// assert_eq!(file.graph.name(file.graph.root()), "(root)");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn read(source: impl Read + Send, options: ReadOptions<'_>) -> Result<HeapSnapshotFile> {
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
        Reader::new(input, options).run()
    })
}

struct Reader<'a> {
    input: Input<'a>,
    options: ReadOptions<'a>,
    section: SnapshotSection,
    header: Option<Header>,
    builder: HeapGraphBuilder,
    strings: HeapStrings,
    seen: Vec<SnapshotSection>,
}

impl<'a> Reader<'a> {
    fn new(input: Input<'a>, options: ReadOptions<'a>) -> Self {
        Reader {
            input,
            options,
            section: SnapshotSection::File,
            header: None,
            builder: HeapGraphBuilder::default(),
            strings: HeapStrings::default(),
            seen: Vec::new(),
        }
    }

    fn run(mut self) -> Result<HeapSnapshotFile> {
        let truncation = match self.file() {
            Ok(()) => None,
            Err(Fault::Cut { offset }) if self.options.accept_truncated && self.header.is_some() => {
                Some(self.truncation(offset))
            }
            Err(fault) => return Err(fault.into_error(self.section)),
        };
        let text_length = self.input.offset();
        self.strings.abandon();
        let partial = truncation.is_some();
        let graph = self
            .builder
            .finish(self.strings, partial)
            .map_err(|fault| Error::Snapshot {
                section: SnapshotSection::File,
                offset: text_length,
                reason: fault.to_string(),
            })?;
        Ok(HeapSnapshotFile {
            graph,
            truncation,
            text_length,
        })
    }

    fn truncation(&self, offset: u64) -> Truncation {
        let promised = self
            .header
            .as_ref()
            .map_or((0, 0), |header| (header.node_count, header.edge_count));
        Truncation {
            section: self.section,
            offset,
            nodes: u64::from(self.builder.node_count()),
            promised_nodes: promised.0,
            edges: u64::from(self.builder.edge_count()),
            promised_edges: promised.1,
            strings: self.strings.len() as u64,
        }
    }

    fn file(&mut self) -> Outcome<()> {
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
        self.section = match key {
            b"snapshot" => SnapshotSection::Snapshot,
            b"nodes" => SnapshotSection::Nodes,
            b"edges" => SnapshotSection::Edges,
            b"trace_function_infos" if self.tracks_allocations() => SnapshotSection::TraceFunctionInfos,
            b"trace_tree" if self.tracks_allocations() => SnapshotSection::TraceTree,
            b"locations" => SnapshotSection::Locations,
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
            SnapshotSection::TraceFunctionInfos => self.records(AllocationFunctionSink::new),
            SnapshotSection::TraceTree => trace_tree::read(&mut self.input, self.builder.allocations()),
            SnapshotSection::Locations => self.records(LocationSink::new),
            SnapshotSection::Strings => self.strings(),
            SnapshotSection::File | SnapshotSection::Skipped => json_text::value(&mut self.input, None),
        }
    }

    /// Whether the file says how to read who allocated.
    fn tracks_allocations(&self) -> bool {
        let header = self.header.as_ref();
        header.is_some_and(|header| !header.meta.trace_function_info_fields.is_empty())
    }

    fn snapshot(&mut self) -> Outcome<()> {
        let header = Header::read(&mut self.input)?;
        self.builder.set_extra_native_bytes(header.extra_native_bytes);
        self.builder.set_has_passing_ids(header.has_passing_ids());
        let stride = header.meta.node_fields.len().max(1) as u64;
        let root = u32::try_from(header.root_index / stride);
        self.builder.set_root(root.unwrap_or(u32::MAX));
        self.header = Some(header);
        Ok(())
    }

    fn nodes(&mut self) -> Outcome<()> {
        let promised = self.header.as_ref().map_or(0, |header| header.node_count);
        self.builder.reserve_nodes(self.believable(promised));
        self.records(NodeSink::new)?;
        let offset = self.input.offset();
        let found = u64::from(self.builder.node_count());
        if promised != 0 && found != promised {
            let reason = format!("there are {found} nodes, but the header promises {promised}");
            return Err(Fault::syntax(offset, reason));
        }
        self.builder.end_nodes().map_err(|fault| Fault::graph(offset, &fault))
    }

    fn edges(&mut self) -> Outcome<()> {
        let promised = u64::from(self.builder.promised_edges());
        self.builder.reserve_edges(self.believable(promised));
        self.records(EdgeSink::new)?;
        let found = u64::from(self.builder.edge_count());
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
        sink: fn(&Header, &'s mut HeapGraphBuilder) -> std::result::Result<S, String>,
    ) -> Outcome<()> {
        let offset = self.input.offset();
        let Some(header) = &self.header else {
            return Err(Fault::syntax(offset, "the section \"snapshot\" should come first"));
        };
        let mut sink = sink(header, &mut self.builder).map_err(|reason| Fault::syntax(offset, reason))?;
        numbers(&mut self.input, &mut sink)
    }

    fn strings(&mut self) -> Outcome<()> {
        self.input.expect(b'[')?;
        if self.input.peek_token()? == b']' {
            self.input.skip(1);
            return Ok(());
        }
        loop {
            self.input.expect(b'"')?;
            json_text::string(&mut self.input, &mut self.strings)?;
            match self.input.token()? {
                b',' => {}
                b']' => return Ok(()),
                other => {
                    let reason = format!("a comma or \"]\" should stand here, not {}", shown(other));
                    return Err(Fault::syntax(self.input.offset() - 1, reason));
                }
            }
        }
    }
}
