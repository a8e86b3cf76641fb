//! `.heapprofile` texts in the two forms that are in use: [`read`] takes both, the modules write them.
//!
//! | module | who makes it | lines | samples |
//! | --- | --- | --- | --- |
//! | [`inspector`] | `node:inspector`, `--heap-prof`, Chrome DevTools | from 0 | yes |
//! | [`tree`] | v8-profiler-next | from 1 | no |

mod heap_walk;
pub mod inspector;
mod read;
pub mod tree;

pub use read::{read, ReadHeapProfile};
