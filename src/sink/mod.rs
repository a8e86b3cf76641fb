//! Floor 2: where bytes go. A producer thread fills a bounded channel; a file, a JavaScript stream or a waiting caller
//! empties it.
//!
//! Why it exists: a snapshot's text may be gigabytes. Whoever is slow, memory stays at a few chunks.
//!
//! What it may not do: know V8 or N-API.

mod channel;
mod file;
mod runtime;

pub use channel::{spawn_text, TextStream, TextWriter};
pub use file::{write_file, write_file_blocking, Target};
pub use runtime::runtime;
