//! What a child does that is sent ahead to see whether V8 bears being forked here: what is dangerous, and nothing else.

use std::fs::File;
use std::io;

use super::message::{Message, Written};
use crate::v8::Isolate;

/// Collects as a snapshot does before its walk, which is where children were seen to die and to wait for ever, and posts a task
/// to workers that are not here. Nothing is written.
pub(super) fn try_out(isolate: Isolate, control: &File) -> io::Result<()> {
    isolate.collect_garbage();
    if let Some(platform) = isolate.platform() {
        platform.call_on_worker_thread(Box::new(|| {}));
    }
    Message::Done(Written::default()).send(control)
}
