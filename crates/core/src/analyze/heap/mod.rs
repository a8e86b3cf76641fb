//! Heap snapshots: the numbers Chrome DevTools shows, the same for every node and row, and what DevTools does not show.

mod accumulation;
mod analysis;
mod asking;
mod bits;
mod class_names;
mod classes;
mod comparison;
mod containers;
#[cfg(test)]
mod cut_edges_work;
mod depth_first;
mod distances;
mod dom_state;
mod dominators;
mod duplicated_strings;
mod filters;
mod growth;
mod interfaces;
mod known;
mod lookup;
#[cfg(test)]
mod oracles;
mod ownership;
mod predecessors;
mod retained;
mod retainers;
mod roots;
mod same_process;
mod same_way;
mod script_places;
mod sentence;
mod shared;
mod statistics;
mod stop;
mod suspect_facts;
mod suspect_kind;
mod suspects;
#[cfg(test)]
mod testing;
mod tree;

pub use analysis::HeapAnalysis;
pub use asking::Asking;
pub use class_names::ClassIndex;
pub use classes::ClassRow;
pub use comparison::{ComparisonRow, HeapComparison, MatchedBy};
pub use duplicated_strings::DuplicatedString;
pub use filters::ClassFilter;
pub use growth::GrownObject;
pub use lookup::{ObjectInfo, Retainer};
pub use script_places::ScriptPlace;
pub use statistics::HeapStatistics;
pub use stop::{AnalysisOptions, Timing};
pub use suspect_kind::{ContainerKind, KeyPattern};
pub use suspects::{Accumulated, Duplicates, FoundBy, Growth, LeakSuspect, PathStep};
