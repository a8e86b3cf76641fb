//! Heap snapshots in a forked child: the service stands still for the fork, and goes on.
//!
//! ```text
//!   session      the isolate's thread: starts, forks      supervisor   its thread: prepares, wakes it, tries again
//!   mappings     V8's memory, lent to the child           gate         V8's workers, parked
//!   spawn        the fork                                 child        walk, write, report, _exit
//!   separate     what of the service the child gives up   confine      what the kernel lets it do
//!   message      what it says                             watchdog     hears it
//!   pulse        whether it moves                         deadlock     whether it never will again
//!   handover     what the two threads share               process      kills and reaps
//!   output       where children write                     relay        makes a stream of their pipes
//!   ready        waits for a descriptor
//! ```
//!
//! Linux with glibc only. What it may not do: tokio, a lock or a thread in the child; JavaScript in the child; a file descriptor
//! of the service in the child.

mod child;
mod confine;
mod deadlock;
mod death;
mod gate;
mod handover;
mod mappings;
mod memory_map;
mod message;
mod output;
mod process;
mod process_state;
mod pulse;
mod ready;
mod relay;
mod separate;
mod session;
mod spawn;
mod supervisor;
mod watchdog;

pub use session::ForkSession;

/// Why [`ForkSession`] cannot be had, if it cannot.
pub fn why_not_fork() -> Option<&'static str> {
    None
}
