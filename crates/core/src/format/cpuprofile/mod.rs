//! `.cpuprofile` texts: [`read`] takes every shape that is in use, the modules write the three common ones.
//!
//! | module | who makes it | lines | times |
//! | --- | --- | --- | --- |
//! | [`inspector`] | `node:inspector`, `--cpu-prof`, Chrome DevTools | from 0 | microseconds, `timeDeltas` |
//! | [`nodes`] | v8-profiler-next, type 1 | from 1 | microseconds, `timeDeltas` |
//! | [`tree`] | v8-profiler, v8-profiler-next by default | from 1 | whole seconds, `timestamps` |
//!
//! Each writes the whole text, or one value of it. Time is linear in nodes and samples; memory is a buffer of some
//! 80 KiB and a stack as deep as the tree.

mod file_path;
mod file_url;
mod function_uid;
mod header;
pub mod inspector;
mod line_hits;
pub mod nodes;
mod read;
pub mod timeline;
pub mod tree;
mod written;

pub(super) use file_path::path_of;
pub use file_url::{FileUrlStyle, FileUrls};
pub use header::ProfileHeader;
pub use read::{read, ReadCpuProfile, ReadOptions, Shape};
pub use written::Written;
