//! Heap snapshots: the numbers Chrome DevTools shows, the same for every node and row, and what DevTools does not show.

mod analysis;
mod asking;
mod bits;
mod class_names;
mod classes;
mod comparison;
#[cfg(test)]
mod cut_edges_work;
mod depth_first;
mod distances;
mod dom_state;
mod dominators;
mod duplicated_strings;
mod duplicates;
mod filters;
mod index;
mod instances;
mod interfaces;
mod known;
mod later;
mod lookup;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod oracles_rows;
mod ownership;
mod predecessors;
mod retained;
mod retainers;
mod roots;
mod ropes;
mod same_process;
mod script_places;
mod statistics;
mod stop;
mod sums;
#[cfg(test)]
mod testing;
mod tree;

pub use analysis::HeapAnalysis;
pub use asking::Asking;
pub use class_names::ClassIndex;
pub use classes::ClassRow;
pub use comparison::{ComparisonRow, HeapComparison, MatchedBy};
pub use duplicates::DuplicatedString;
pub use filters::ClassFilter;
pub use index::{HeapIndex, IndexFault, SnapshotStamp};
pub use lookup::{ObjectInfo, Retainer};
pub use script_places::ScriptPlace;
pub use statistics::HeapStatistics;
pub use stop::{AnalysisOptions, Timing};
