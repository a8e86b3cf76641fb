//! Floor 2: where bytes go. A producer thread fills a bounded channel; a file, a JavaScript stream or a waiting caller
//! empties it.
//!
//! Why it exists: a snapshot's text may be gigabytes. Whoever is slow, memory stays at a few chunks.
//!
//! What it may not do: know V8 or N-API.

mod channel;
mod compress;
mod file;
mod patterns;
mod pipeline;
mod runtime;

pub use channel::{spawn_text, unread, TextStream, TextWriter};
pub use compress::Compression;
pub use file::{write_file, write_file_blocking, PartialFile};
pub use patterns::Engine;
pub use pipeline::{Pattern, Pipeline, PipelineOptions, Produced, RedactRequest};
pub use runtime::{runtime, runtime_in_use, task_failed};
