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
//!   ready        waits for a descriptor                   own_memory   what the child has to itself
//!   turn         one child at a time, by machine_lock     death        whose doing its end was
//!   canary       a child that is sent ahead               trust        what this process has learnt of forking
//!   work         what children are for, and what their failures mean
//! ```
//!
//! Linux with glibc only. What it may not do: tokio, a lock or a thread in the child; JavaScript in the child; a file descriptor
//! of the service in the child.

mod canary;
mod child;
mod confine;
mod deadlock;
mod death;
mod gate;
mod handover;
mod machine_lock;
mod mappings;
mod memory_map;
mod message;
mod output;
mod own_memory;
mod process;
mod process_state;
mod pulse;
mod ready;
mod relay;
mod separate;
mod session;
mod spawn;
mod supervisor;
mod trust;
mod turn;
mod watchdog;
mod work;

pub use session::ForkSession;
pub use trust::why_rest;

/// Why [`ForkSession`] cannot be had in this process, if it cannot: a sentence.
pub fn why_not_fork() -> Option<String> {
    trust::why_refused()
}
