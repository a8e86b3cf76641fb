//! `.heapsnapshot`: what a program that passes V8's text on wants to know of it: the counts at its beginning, whether
//! allocation stacks are in its middle, and whether it came to its end.

mod header;
mod sections;
mod tail;

pub use header::Header;
pub use sections::TraceWatch;
pub use tail::Tail;
