//! What was computed of a snapshot, in a file that is opened without reading it: the next question is answered at once.
//!
//! ```text
//!   stamp    of which snapshot an index is
//!   layout   head, table of sections, sections
//!   write    an analysis into a file
//!   open     a file, mapped by whoever calls, into an analysis
//! ```
//!
//! An index is trusted as little as any other file. Head and table are checked; of what the columns hold, only that there
//! is as much as there should be. So a damaged one gives wrong numbers at worst.

mod fault;
mod layout;
mod open;
mod stamp;
#[cfg(test)]
mod tests;
mod write;

pub use fault::IndexFault;
pub use open::HeapIndex;
pub use stamp::SnapshotStamp;
