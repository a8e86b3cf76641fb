//! The part of rs-profiler that knows nothing of Node: V8's profile data as plain models, and the file formats made of it.
//!
//! ```text
//!   analyze  answers questions                            (may read model)
//!   format   reads, writes and scans file formats, streaming     (may read model)
//!   model    what was recorded, and how to walk it          (knows nobody)
//! ```
//!
//! A CPU profile is read through [`model::CpuProfileSource`], so that the same writer serves V8's own structure, read
//! in place, and the compact [`model::CpuProfile`]. All trees are walked by one walk, over [`model::CallTree`].
//!
//! ```
//! use rs_profiler_core::format::cpuprofile::inspector;
//! use rs_profiler_core::model::{CpuProfile, Micros};
//!
//! let profile = CpuProfile::empty(Micros::from_micros(10), Micros::from_micros(30))?;
//! let mut text = Vec::new();
//! inspector::write(&profile, inspector::Options::default(), &mut text)?;
//! assert!(text.starts_with(br#"{"nodes":[{"id":1,"callFrame":{"functionName":"(root)""#));
//! # Ok::<(), rs_profiler_core::Error>(())
//! ```
//!
//! Not here: unsafe code, files, Node. Whoever calls brings the bytes and takes the bytes. Heap snapshots are read and
//! analysed over two threads, which end before the call returns.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod analyze;
mod error;
pub mod format;
pub mod model;
mod thread;

pub use error::{Error, Result, Where};
