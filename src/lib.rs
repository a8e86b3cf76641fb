//! rs-profiler, the addon: heap snapshots, CPU profiles and sampling heap profiles of V8, for Node over N-API.
//!
//! ```text
//!   index.js -> lib/*/*.js -> binding.js           the npm face
//!   ---------------------------------- N-API
//!   3  api        options in, reports out          (napi)
//!   2  capture    recordings, snapshots, their end
//!      analysis   snapshots that are opened and asked
//!      sink       produce -> stages -> end: a file, the channel to JavaScript, memory
//!   1  v8         V8 through a table of C functions; all unsafe code but for forks, raw Node-API and a mapped file
//!   ---------------------------------- dlopen
//!      shim.cc    one small C++ file, compiled once per Node ABI
//! ```
//!
//! You may step down, never up or sideways (`sink` is a room of floor 2 that `capture` and `analysis` use), and no file uses
//! itself over others. The core crate, which knows neither Node nor V8, lies under all of it. Each loaded copy in each thread has
//! one [`capture::Environment`]; nothing else has state, but for snapshots that JavaScript holds open (`analysis`), the list of
//! loaded shims, the tokio runtime, the files that are being written in place, what the process knows of forking
//! (`capture/fork/`), and, per thread, what V8 has once per isolate (`capture/readers.rs`, `capture/tracking.rs`) and what promises
//! need when they are settled (`api/promise.rs`).

// Much is there for forks alone.
#![cfg_attr(not(all(target_os = "linux", target_env = "gnu")), allow(dead_code, unused_imports))]

mod analysis;
mod api;
mod capture;
mod error;
mod raw_napi;
mod sink;
mod v8;
