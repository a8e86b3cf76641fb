//! The numbers by which a heap snapshot names things, each a type of its own. All are 32 bits wide, as in V8.

/// A node by its place in the file, counted from 0. The root is 0 unless the file says otherwise.
///
/// ```
/// assert!(rs_profiler_core::model::heap::NodeIndex(1) > rs_profiler_core::model::heap::NodeIndex(0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct NodeIndex(pub u32);

/// An edge by its place in the file, counted from 0.
///
/// ```
/// assert_eq!(rs_profiler_core::model::heap::EdgeIndex(7).0, 7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeIndex(pub u32);

/// A text by its place in the string table, counted from 0.
///
/// ```
/// assert_eq!(rs_profiler_core::model::heap::StringIndex(7).0, 7);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct StringIndex(pub u32);

/// V8's id of an object: the `@123` of DevTools. The same object keeps it in all snapshots of one process; in another
/// process it means nothing.
///
/// ```
/// assert_eq!(rs_profiler_core::model::heap::SnapshotObjectId(7).to_string(), "@7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotObjectId(pub u32);

impl std::fmt::Display for SnapshotObjectId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "@{}", self.0)
    }
}

impl NodeIndex {
    /// As an index of a column.
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}
