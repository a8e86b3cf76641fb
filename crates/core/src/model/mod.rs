//! What was recorded, as plain data. Knows no file format and no V8.

mod allocation;
mod call_frame;
mod count;
mod cpu_profile;
mod empty_profile;
mod frame_table;
mod hit_column;
mod sampling;
mod sampling_builder;
mod source;
mod string_table;
mod timeline;
mod tree_walk;

pub use allocation::{Allocation, HeapSample};
pub use call_frame::CallFrame;
pub use cpu_profile::{CpuProfile, CpuProfileNode};
pub use sampling::{HeapNodeIndex, SamplingHeapProfile};
pub use sampling_builder::SamplingHeapProfileBuilder;
pub use source::{CpuProfileSource, LineTick, Sample};
pub use tree_walk::{Step, TreeWalk};
