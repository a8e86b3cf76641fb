//! `.heapsnapshot` and `.heaptimeline`: [`read`](fn@read) makes a graph of one, [`summarize`] sums. A program that only passes V8's text on wants less to know
//! of it: the counts at its beginning ([`Header`]), whether allocation stacks are in its middle ([`TraceWatch`]), and
//! whether it came to its end ([`Tail`]).

mod header;
mod read;
mod sections;
mod tail;

pub use header::Header;
pub use read::{
    read, summarize, HeapSnapshotFile, HeapSummaryFile, Progress, ReadOptions, SnapshotSection, Truncation,
};
pub use sections::TraceWatch;
pub use tail::Tail;
