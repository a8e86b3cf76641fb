//! A file into a graph.

use std::io::Read;

use super::file::HeapSnapshotFile;
use super::header::Header;
use super::reader::{read_into, unfit};
use super::target::{Counts, Target};
use super::ReadOptions;
use crate::model::heap::{EdgeKind, GraphFault, HeapGraphBuilder, HeapStrings, NodeKind, NodeRecord, TextSink};
use crate::Result;

/// Reads a heap snapshot. Time is linear in its length; one more thread reads and decompresses meanwhile. Memory is
/// that of the graph and some 3 MB.
///
/// # Errors
///
/// [`Error::Snapshot`](crate::Error::Snapshot) for a text that is not a whole, consistent heap snapshot,
/// [`Error::SnapshotCut`](crate::Error::SnapshotCut) for one that ends too early, [`Error::Source`](crate::Error::Source)
/// when the source fails or its compression is damaged, [`Error::NoThread`](crate::Error::NoThread),
/// [`Error::Cancelled`](crate::Error::Cancelled).
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
    let mut parts = Parts::default();
    let end = read_into(&mut parts, source, options)?;
    let Parts { builder, mut strings } = parts;
    strings.abandon();
    let graph = builder.finish(strings, end.truncation.is_some());
    Ok(HeapSnapshotFile {
        graph: graph.map_err(|fault| unfit(&fault, end.text_length))?,
        truncation: end.truncation,
        text_length: end.text_length,
    })
}

/// A graph being filled.
#[derive(Default)]
struct Parts {
    builder: HeapGraphBuilder,
    strings: HeapStrings,
}

impl Target for Parts {
    fn graph(&mut self) -> Option<&mut HeapGraphBuilder> {
        Some(&mut self.builder)
    }

    fn header(&mut self, header: &Header) {
        self.builder.set_extra_native_bytes(header.extra_native_bytes);
        self.builder.set_has_passing_ids(header.has_passing_ids());
        let stride = header.meta.node_fields.len().max(1) as u64;
        let root = u32::try_from(header.root_index / stride);
        self.builder.set_root(root.unwrap_or(u32::MAX));
    }

    fn unnamed_kind(&mut self, name: &str) -> Option<NodeKind> {
        self.builder.unnamed_kind(name)
    }

    #[inline]
    fn push_node(&mut self, node: NodeRecord) -> std::result::Result<(), GraphFault> {
        self.builder.push_node(node)
    }

    fn end_nodes(&mut self) -> std::result::Result<(), GraphFault> {
        self.builder.end_nodes()
    }

    #[inline]
    fn push_edge(&mut self, kind: EdgeKind, name_or_index: u32, to: u32) -> std::result::Result<(), GraphFault> {
        self.builder.push_edge(kind, name_or_index, to)
    }

    fn texts(&mut self) -> &mut impl TextSink {
        &mut self.strings
    }

    fn counts(&self) -> Counts {
        Counts {
            nodes: self.builder.node_count(),
            edges: self.builder.edge_count(),
            promised_edges: self.builder.promised_edges(),
            texts: self.strings.len() as u64,
        }
    }
}
