//! `.cpuprofile` texts in the three forms that are in use.
//!
//! | module | who makes it | lines | times |
//! | --- | --- | --- | --- |
//! | [`inspector`] | `node:inspector`, `--cpu-prof`, Chrome DevTools | from 0 | microseconds, `timeDeltas` |
//! | [`nodes`] | v8-profiler-next, type 1 | from 1 | microseconds, `timeDeltas` |
//! | [`tree`] | v8-profiler, v8-profiler-next by default | from 1 | whole seconds, `timestamps` |
//!
//! Each writes the whole text, or one value of it. Time is linear in nodes and samples; memory is a buffer of some
//! 80 KiB and a stack as deep as the tree.

mod file_url;
mod function_uid;
mod header;
pub mod inspector;
mod line_hits;
mod node_list;
pub mod nodes;
pub mod timeline;
pub mod tree;

pub use file_url::FileUrlStyle;
pub use header::ProfileHeader;
use node_list::{child_ids, each_node};
