//! Floor 3: what JavaScript sees. Converts and delegates; no algorithm, no state of its own.
//!
//! Every function catches panics. Errors carry the JSON of `Error::to_json`; `lib/native/errors.js` makes the real ones.

mod analysis_task;
mod chunks;
mod cpu_profile;
mod cpu_recording;
mod environment;
mod error;
mod export;
mod fork;
mod heap_analysis;
mod heap_feed;
mod heap_question;
mod options;
mod promise;
mod report;
mod sampling_profile;
mod snapshot;
mod snapshot_capture;
mod target;
mod teller;
