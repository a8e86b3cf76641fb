//! What was recorded, as plain data. Knows no file format and no V8.
//!
//! A profile is read through the traits [`CallTree`] and [`CpuProfileSource`], wherever its data is; the copies of ours,
//! [`CpuProfile`] and [`SamplingHeapProfile`], keep it in one kind of tree.

mod call_frame;
mod call_tree;
mod count;
mod cpu_profile;
mod cpu_source;
mod empty_profile;
mod frames;
pub mod heap;
mod heap_profile;
mod heap_source;
mod hit_column;
mod ids;
mod interner;
mod strings;
mod timeline;
mod tree;
mod tree_walk;
mod units;

pub use call_frame::CallFrame;
pub use call_tree::CallTree;
pub use cpu_profile::CpuProfile;
pub use cpu_source::{CpuProfileSource, LineTick, Sample};
pub use heap_profile::SamplingHeapProfile;
pub use heap_source::{Allocation, HeapProfileSource, HeapSample};
pub use ids::{ChildIndex, Column, Line, NodeId, NodeIndex, SampleId, SampleIndex, ScriptId};
pub use tree_walk::{Step, TreeWalk};
pub use units::{Bytes, Micros};
