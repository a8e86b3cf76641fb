//! File formats. Writers stream to any [`std::io::Write`] through one small JSON writer, in field order and without an
//! intermediate value; the texts are byte for byte what `JSON.stringify` makes of the same objects.
//!
//! A writer hands over chunks of some 64 KiB and stops at the first error of the sink.

mod chunks;
pub mod collapsed;
pub mod compressed;
pub mod cpuprofile;
pub mod flame_graph;
mod frame_fields;
mod frame_label;
pub mod heapprofile;
pub mod heapsnapshot;
mod heapsnapshot_header;
pub mod heapsnapshot_redact;
mod heapsnapshot_tail;
mod json;
mod json_reader;
mod nested;
pub mod pprof;
pub mod speedscope;

pub use heapsnapshot_header::{HeapSnapshotHeader, SnapshotCounts};
pub use heapsnapshot_tail::HeapSnapshotTail;
