//! Answers to questions about recorded data. Knows the models and no file format.

pub mod calls;
pub mod heap;
