//! Floor 1: V8, through the table of C functions of a shim. All `unsafe` that concerns V8 lives here.
//!
//! Why it exists: V8's C++ API differs from Node to Node; above this floor nobody can tell. Every handle is a Rust type
//! whose `Drop` frees what it owns, and only that.
//!
//! What it may not do: decide anything. No policy, no registry, no N-API; it knows std, libc, libloading and thiserror only.

mod allocation_profile;
mod callbacks;
mod cpu_profile;
mod cpu_profile_node;
mod cpu_profiler;
mod heap_graph;
mod heap_snapshot;
mod isolate;
mod loader;
mod local_value;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod persistent_region_lock;
mod platform;
mod table;
mod timer_slack;

pub use allocation_profile::{AllocationNode, AllocationProfile};
pub use cpu_profile::{CpuProfile, CpuProfileView, Samples};
pub use cpu_profile_node::CpuProfileNode;
pub use cpu_profiler::{CpuProfiler, StartError, StartOptions};
pub use heap_graph::{EdgeName, HeapGraphNode};
pub use heap_snapshot::{HeapSnapshot, SnapshotText};
pub use isolate::{FoundObject, Isolate};
pub use loader::Shim;
pub use local_value::{CallbackScope, LocalValue};
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use persistent_region_lock::PersistentRegionLock;
pub use platform::Platform;

#[cfg(test)]
pub(crate) use cpu_profile::tests::view_without_root;
