//! File formats. Writers stream to any [`std::io::Write`] through one small JSON writer, in field order and without an
//! intermediate value; the texts are byte for byte what `JSON.stringify` makes of the same objects.
//!
//! A writer hands over chunks of some 64 KiB and stops at the first error of the sink.

mod call_frame;
pub mod compressed;
pub mod cpuprofile;
pub mod heapprofile;
pub mod heapsnapshot;
mod json;
mod nested;
mod written;

pub use written::Written;
