//! A heap snapshot as columns: one array per field, edges in one array grouped by their node, texts in one buffer.
//! Knows no file format and no question that could be asked of it.

mod allocations;
mod builder;
mod column;
mod edge;
mod edge_check;
mod graph;
mod graph_fault;
mod heavy_names;
mod id_set;
mod ids;
mod kind;
mod kind_names;
mod limits;
mod locations;
mod node_record;
mod passing_texts;
mod size_column;
mod stored;
mod stored_graph;
mod strings;
mod summary;
mod summary_builder;
mod weak_pair;
#[cfg(test)]
pub(crate) mod work;

pub use allocations::AllocationFrame;
pub(crate) use allocations::{AllocationFunction, Allocations};
pub use builder::HeapGraphBuilder;
pub(crate) use column::Column;
pub use column::SharedBytes;
pub(crate) use edge::Edge;
pub use edge::EdgeView;
pub use graph::{Detachedness, HeapGraph};
pub use graph_fault::GraphFault;
pub use ids::{EdgeIndex, NodeIndex, SnapshotObjectId, StringIndex};
pub use kind::{EdgeKind, NodeKind};
pub(crate) use kind_names::KindNames;
pub(crate) use limits::MOST_BYTES;
pub(crate) use locations::Locations;
pub use locations::SourceLocation;
pub use node_record::NodeRecord;
pub(crate) use passing_texts::TextSink;
pub(crate) use size_column::SizeColumn;
pub(crate) use stored::{Load, Store};
pub use strings::HeapStrings;
pub use summary::{HeapSummary, KindTotal, LargeString, NameTotal};
pub(crate) use summary_builder::HeapSummaryBuilder;
