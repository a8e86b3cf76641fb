//! Which functions cost what: of a CPU profile in samples and microseconds, of a sampling heap profile in objects and
//! bytes. One [`CallAnalysis`] per profile answers all questions.
//!
//! All sums are right under recursion: a stack counts once for a function, however often the function is on it. Weights
//! are whole numbers, so parts add up to their whole exactly.

mod analysis;
mod category;
mod compare;
mod functions;
mod groups;
mod hot;
mod lines;
mod merged_tree;
mod neighbours;
mod on_stack;
mod share;
mod summary;
mod time_model;
mod trees;

pub use analysis::CallAnalysis;
pub use category::Category;
pub use compare::{FunctionChange, Matched};
pub use functions::FunctionRow;
pub use groups::GroupRow;
pub use hot::{HotFunction, HotOptions, HotReason};
pub use lines::LineRow;
pub use merged_tree::{MergedIndex, MergedNode, MergedTree};
pub use neighbours::NeighbourRow;
pub use share::Share;
pub use summary::Summary;
pub use time_model::TimeModel;
pub use trees::TreeOptions;
