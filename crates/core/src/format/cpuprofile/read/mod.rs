//! `.cpuprofile` texts of every shape that is in use, told apart by what stands in them.
//!
//! | [`Shape`] | who makes it | told by |
//! | --- | --- | --- |
//! | `Inspector` | `node:inspector`, `--cpu-prof`, Chrome DevTools | `nodes` with `children` |
//! | `Trace` | profiles taken out of a Chrome trace | `nodes` with `parent`, also inside `cpuProfile` |
//! | `Nodes` | v8-profiler-next, type 1 | `typeId`, or `bailoutReason` inside `callFrame` |
//! | `Tree` | v8-profiler, v8-profiler-next by default | `head` |
//!
//! All become one [`CpuProfile`]: lines and columns from 1, paths instead of file URLs, microseconds. One pass, keys in
//! any order, time linear in the text; memory is that of the profile and some 40 bytes per node beside it.

mod fields;
mod head;
mod list;
mod times;
mod top;

use std::io::Read;

use crate::model::CpuProfile;
use crate::Result;

/// What a text looked like.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::{read, ReadOptions, Shape};
/// let text = br#"{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"startTime":0,"endTime":9}"#;
/// assert_eq!(read(&text[..], ReadOptions::default())?.shape, Shape::Inspector);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A list of nodes that name their children.
    Inspector,
    /// A list of nodes that name their parents.
    Trace,
    /// v8-profiler-next's list of nodes, with lines from 1.
    Nodes,
    /// Nodes inside nodes.
    Tree,
}

/// How strict a reader is.
///
/// ```
/// assert!(!rs_profiler_core::format::cpuprofile::ReadOptions::default().accept_truncated);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Whether a text that ends in the middle gives what is whole of it instead of an error. Default is false.
    pub accept_truncated: bool,
}

impl ReadOptions {
    /// Takes what is whole of a text that ends in the middle.
    ///
    /// ```
    /// use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
    /// let text = br#"{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"startTime":0,"sam"#;
    /// let cut = read(&text[..], ReadOptions::accepting_truncated())?;
    /// assert_eq!(cut.truncated_at, Some(76));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn accepting_truncated() -> Self {
        ReadOptions { accept_truncated: true }
    }
}

/// A profile that was read.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
/// let text = br#"{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"startTime":0,"endTime":9}"#;
/// assert_eq!(read(&text[..], ReadOptions::default())?.truncated_at, None);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReadCpuProfile {
    /// What was recorded.
    pub profile: CpuProfile,
    /// What the text looked like.
    pub shape: Shape,
    /// Bytes there were of a text that ends in the middle.
    pub truncated_at: Option<u64>,
}

/// Reads a CPU profile of any shape.
///
/// Times: a list of nodes has them in microseconds; a tree has whole seconds, which say nothing, so its profile begins
/// with the first of its `timestamps` and ends one mean interval after the last. Without `hitCount`, hits are counted
/// from the samples. Without times of samples, these are spread evenly.
///
/// # Errors
///
/// [`Error::ProfileText`](crate::Error::ProfileText) for what is no profile or damaged (wrong types, ids twice or
/// nowhere, cycles), [`Error::ProfileTruncated`](crate::Error::ProfileTruncated) for a text that ends in the middle,
/// [`Error::Input`](crate::Error::Input) when the source fails.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
/// use rs_profiler_core::Error;
/// let read = |text: &str| read(text.as_bytes(), ReadOptions::default());
/// assert!(matches!(read(r#"{"nodes":[{"id":"#), Err(Error::ProfileTruncated { offset: 16, section: "nodes" })));
/// assert!(matches!(read(r#"{"nodes":[{"id":{}"#), Err(Error::ProfileText { offset: 16, .. })));
/// ```
pub fn read(source: impl Read, options: ReadOptions) -> Result<ReadCpuProfile> {
    top::read(source, options)
}
