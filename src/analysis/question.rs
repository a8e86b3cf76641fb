//! What can be asked.

use rs_profiler_core::analyze::heap::ClassFilter;
use rs_profiler_core::model::heap::SnapshotObjectId;

/// A class by its number in the table, by its name, or by both, which must fit together.
#[derive(Debug, Clone)]
pub enum Class {
    Number(u32),
    Name(String),
    Row { number: u32, name: String },
}

/// A question. `limit` is how many rows are wanted at most.
#[derive(Debug, Clone)]
pub enum Question {
    Summary,
    Statistics,
    Classes {
        filter: Option<ClassFilter>,
        limit: usize,
    },
    /// What changed since a base.
    Compare {
        limit: usize,
    },
    Node(SnapshotObjectId),
    Dominated {
        id: SnapshotObjectId,
        limit: usize,
    },
    Retainers {
        id: SnapshotObjectId,
        limit: usize,
    },
    RetainingPath(SnapshotObjectId),
    AllocationStack(SnapshotObjectId),
    Instances {
        class: Class,
        limit: usize,
    },
    DuplicatedStrings {
        limit: usize,
    },
    /// From `id`, or the root, down to what retains `least_share` of the heap, in at most `deepest` levels.
    DominatorTree {
        id: Option<SnapshotObjectId>,
        least_share: f64,
        deepest: u32,
    },
}
