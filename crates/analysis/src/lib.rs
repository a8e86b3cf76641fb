//! The second addon: heap snapshots and CPU profiles opened and asked. It needs neither V8 nor a shim.
//!
//! Why it is one of its own: a service that captures must not carry the analysis in its memory, and whoever analyses loads it
//! when the first file is opened. It converts and delegates to `rs-profiler-core`; it holds no algorithm. Every question runs
//! on a thread of its own and answers with JSON. It has no unsafe code of its own but in `patterns`; napi's macros have some.

#![deny(unsafe_code)]

mod convert;
mod cpu;
mod cpu_rows;
mod error;
mod feed;
mod heap;
mod heap_growth_rows;
mod heap_rows;
mod input;
mod patterns;
mod task;

/// A panic becomes an error for JavaScript; the output of the host is not ours to write to.
#[napi_derive::module_init]
fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}
