//! Floor 2: where bytes go. A producer thread fills a bounded channel; a file, a JavaScript stream or a waiting caller
//! empties it.
//!
//! Why it exists: a snapshot's text may be gigabytes. Whoever is slow, memory stays at a few chunks.
//!
//! What it may not do: know V8 or N-API.

mod channel;
mod file;
mod pipeline;
mod runtime;
mod text_writer;

pub use channel::{spawn_text, spool_text, TextStream, STREAM_CHUNK};
pub use file::Target;
pub use pipeline::{write_file, Counts, Produce, Report, Running, Task};
pub use runtime::{runtime, spawn_thread};
