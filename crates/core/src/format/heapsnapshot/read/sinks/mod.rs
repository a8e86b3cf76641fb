//! Numbers into records into the graph: one file per section.

mod allocations;
mod edges;
mod ignored;
mod locations;
mod nodes;
mod records;

pub(super) use allocations::AllocationFunctionSink;
pub(super) use edges::EdgeSink;
pub(super) use ignored::Ignored;
pub(super) use locations::LocationSink;
pub(super) use nodes::NodeSink;
pub(super) use records::MOST_FIELDS;
