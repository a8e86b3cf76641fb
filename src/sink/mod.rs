//! Floor 2: where bytes go. A producer's text passes through the stages of one pipeline to its end: a file, a bounded channel
//! that a JavaScript stream or a waiting caller empties, or memory.
//!
//! Why it exists: a snapshot's text may be gigabytes. Whoever is slow, memory stays at a few chunks.
//!
//! What it may not do: know V8 or N-API.

mod channel;
mod file;
mod mark;
mod pipeline;
mod runtime;
mod stages;
mod task;
mod text_writer;

pub use channel::{spawn_text, spool_text, TextStream, STREAM_CHUNK};
pub use file::Target;
pub use mark::Mark;
pub use pipeline::{run, Counts, End, Produce, Report};
pub use runtime::runtime;
pub use task::{spawn_thread, Running, Task};

#[cfg(test)]
mod tests;
