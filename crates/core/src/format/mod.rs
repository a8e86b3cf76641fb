//! File formats. Writers stream to any [`std::io::Write`] through one small JSON writer, in field order and without an
//! intermediate value; the texts are byte for byte what `JSON.stringify` makes of the same objects.
//!
//! A writer hands over chunks of some 64 KiB and stops at the first error of the sink.

pub mod cpuprofile;
pub mod heapprofile;
mod heapsnapshot_header;
mod heapsnapshot_tail;
mod json;

pub use heapsnapshot_header::{HeapSnapshotHeader, SnapshotCounts};
pub use heapsnapshot_tail::HeapSnapshotTail;
