//! Heap snapshots in a forked child: the service stands still for the fork, and goes on.
//!
//! ```text
//!   session      the isolate's thread: starts, forks      supervisor   its thread: prepares, wakes it, tries again
//!   mappings     V8's memory, lent to the child           gate         V8's workers, parked
//!   spawn        the fork                                 child        walk, write, report, _exit
//!   confine      what the child may not do                message      what it says
//!   watchdog     hears the child, brings its output on    pulse        whether it lives
//!   process      kills and reaps
//! ```
//!
//! Linux with glibc only. What it may not do: tokio in the child, JavaScript in the child, a file descriptor of the service in
//! the child.

mod child;
mod confine;
mod gate;
mod mappings;
mod message;
mod process;
mod pulse;
mod session;
mod spawn;
mod supervisor;
mod watchdog;

/// Whether [`ForkSession`] can be had.
pub const SUPPORTED: bool = true;

pub use session::ForkSession;
