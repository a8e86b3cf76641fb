//! What an analysis finds out later.

use std::sync::OnceLock;

use super::classes::ClassRow;
use super::duplicates::Duplicates;
use super::instances::Instances;
use super::retainers::Retainers;
use super::script_places::ScriptPlaces;
use super::statistics::HeapStatistics;
use super::tree::DominatorTree;
use crate::model::heap::Column;

/// What is made when it is first asked for, or comes from an index.
#[derive(Debug, Default)]
pub(super) struct Later {
    pub(super) statistics: OnceLock<HeapStatistics>,
    pub(super) tree: OnceLock<DominatorTree>,
    pub(super) retainers: OnceLock<Retainers>,
    pub(super) places: OnceLock<ScriptPlaces>,
    /// Distances by which what holds for a moment only comes last; see [`HeapAnalysis::retaining_path`](super::HeapAnalysis::retaining_path).
    pub(super) lasting: OnceLock<Column<i32>>,
    /// Only an index has them.
    pub(super) instances: OnceLock<Instances>,
    /// Only an index has them.
    pub(super) duplicates: OnceLock<Duplicates>,
    /// Only an index has it: the class table of those.
    pub(super) duplicate_classes: OnceLock<Vec<ClassRow>>,
}
