//! Reading: heap snapshots of every V8 from Node 18 to 26, plain, gzip-ed or zstd-compressed,
//! from any [`Read`](std::io::Read), in one pass.
//!
//! ```text
//!   pump     thread of its own: reads, decompresses, cuts into chunks, decodes numbers ahead
//!   input    the chunks as one text
//!   reader   the sections of the file, each into what takes it
//!   graph    that is a graph, or
//!   summary  sums
//! ```
//!
//! The text is never held as a whole. Fields are looked up by the names in `snapshot.meta`; sections and fields that
//! this crate does not know are skipped. What a file promises (`node_count`) is checked, never believed.

mod chunk;
mod decode;
mod fault;
mod file;
mod graph;
mod header;
mod input;
mod json_text;
mod numbers;
mod options;
mod pump;
mod reader;
mod sinks;
mod summary;
mod target;
mod trace_tree;

pub use file::{HeapSnapshotFile, HeapSummaryFile, Truncation};
pub use graph::read;
pub use options::{Progress, ReadOptions, SnapshotSection};
pub use summary::summarize;
