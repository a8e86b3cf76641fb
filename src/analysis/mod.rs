//! Floor 2: heap snapshots that are opened and asked, off the thread of JavaScript. It needs neither V8 nor a shim.
//!
//! ```text
//!   open       a file, or a feed of pieces -> snapshot: the core's reader and analysis -> Opened
//!   index      opening with what was computed before: written beside the snapshot, and mapped
//!   quick      a snapshot summed up while it is read
//!   answer     a question -> rows -> JSON
//!   work       who may give up, and how far it has come      outcome   what comes of it, for whoever asks later
//!   feed       pieces of a text from another thread          questions  the few threads that answer
//! ```
//!
//! Why it exists: reading and analysing take seconds, and memory of the size of the file. JavaScript goes on meanwhile, can stop
//! it, and is told how far it has come.
//!
//! What it may not do: know V8, captures or Node-API. All numbers come from the core.

mod answer;
mod facts;
mod feed;
mod index;
mod json;
mod mapped;
mod open;
mod outcome;
mod question;
mod questions;
mod quick;
mod rows;
mod snapshot;
mod work;

pub use feed::{Feed, Room};
pub use open::{open_feed, open_file, summarize_feed, summarize_file, Opened};
pub use outcome::Outcome;
pub use question::{Class, Question};
pub use work::{Phase, Work};
