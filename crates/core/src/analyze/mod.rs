//! Answers to questions about what was recorded. Knows no file format and no V8.

pub mod heap;
mod histogram;

pub use histogram::Histogram;
