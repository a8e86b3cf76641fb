//! A file into sums.

use std::io::Read;

use super::file::HeapSummaryFile;
use super::header::Header;
use super::reader::{read_into, unfit};
use super::target::{Counts, Target};
use super::ReadOptions;
use crate::model::heap::{EdgeKind, GraphFault, HeapGraphBuilder, HeapSummaryBuilder, NodeKind, NodeRecord, TextSink};
use crate::Result;

/// Sums up a heap snapshot in one pass, without its graph. Time is linear in its length, memory some 20 MB however long it
/// is. A file that ends too early gives the sums of what is there, and says where it ends.
///
/// # Errors
///
/// As [`read`](fn@super::read), but [`Error::SnapshotCut`](crate::Error::SnapshotCut) only for a file that ends before it says
/// what its fields are. Objects with one id are no error here.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::{summarize, ReadOptions};
/// let text = br#"{"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],
///     "node_types":[["object"],"string","number","number","number"],
///     "edge_fields":["type","name_or_index","to_node"],"edge_types":[["element"],"string_or_number","node"]},
///     "node_count":1,"edge_count":0},"nodes":[0,0,1,24,0],"edges":[],"strings":["Cache"]}"#;
/// let summary = summarize(&text[..], ReadOptions::default())?.summary;
/// assert_eq!((summary.names[0].name.as_str(), summary.names[0].shallow_size), ("Cache", 24));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn summarize(source: impl Read + Send, options: ReadOptions<'_>) -> Result<HeapSummaryFile> {
    let options = ReadOptions {
        accept_truncated: true,
        ..options
    };
    let mut builder = HeapSummaryBuilder::default();
    let end = read_into(&mut builder, source, options)?;
    let summary = builder.finish(end.truncation.is_some());
    Ok(HeapSummaryFile {
        summary: summary.map_err(|fault| unfit(&fault, end.text_length))?,
        truncation: end.truncation,
        text_length: end.text_length,
    })
}

impl Target for HeapSummaryBuilder {
    fn graph(&mut self) -> Option<&mut HeapGraphBuilder> {
        None
    }

    fn header(&mut self, header: &Header) {
        self.set_extra_native_bytes(header.extra_native_bytes);
    }

    fn unnamed_kind(&mut self, name: &str) -> Option<NodeKind> {
        self.kind_names().unnamed(name)
    }

    #[inline]
    fn push_node(&mut self, node: NodeRecord) -> std::result::Result<(), GraphFault> {
        self.push_node(node)
    }

    fn end_nodes(&mut self) -> std::result::Result<(), GraphFault> {
        self.end_nodes()
    }

    #[inline]
    fn push_edge(&mut self, kind: EdgeKind, name_or_index: u32, to: u32) -> std::result::Result<(), GraphFault> {
        self.push_edge(kind, name_or_index, to)
    }

    fn texts(&mut self) -> &mut impl TextSink {
        self.texts()
    }

    fn counts(&self) -> Counts {
        Counts {
            nodes: self.node_count(),
            edges: self.edge_count(),
            promised_edges: self.promised_edges(),
            texts: self.text_count(),
        }
    }
}
