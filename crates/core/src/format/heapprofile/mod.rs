//! `.heapprofile` texts in the two forms that are in use.
//!
//! | module | who makes it | lines | samples |
//! | --- | --- | --- | --- |
//! | [`inspector`] | `node:inspector`, `--heap-prof`, Chrome DevTools | from 0 | yes |
//! | [`tree`] | v8-profiler-next | from 1 | no |

mod head;
pub mod inspector;
pub mod tree;
