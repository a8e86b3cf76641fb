//! What makes a text, what passes it on and what comes of it; synchronous, on whatever thread.
//!
//! Why it exists: the isolate's thread, a thread of ours and a forked child write the same texts to the same ends. The cause
//! of a failure survives: a full disk, an abort, a panic and a fault of a writer are told apart.
//!
//! What it may not do: know tokio, N-API, V8 or an end; take a lock; make a thread.

use std::io::Write;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use super::stages::{Complete, Count, Gate};
use crate::error::{Error, Result};

/// What a text holds, as far as its format has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub nodes: Option<u64>,
    pub edges: Option<u64>,
    pub samples: Option<u64>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What reached the end.
    pub bytes: u64,
    pub counts: Counts,
}

/// Makes a text, once. When `out` fails it stops and returns any error: the end that `out` leads to knows the cause.
pub type Produce = Box<dyn FnOnce(&mut dyn Write) -> Result<Counts> + Send>;

/// Where a text goes.
pub trait End: Write {
    /// Why the first write that failed did so, if one did. Says it once.
    fn take_failure(&mut self) -> Option<Error>;
    /// The text is whole.
    fn commit(&mut self) -> Result<()>;
}

/// Makes a text, passes it through the stages and commits it at its end. Until `stop` is set; `progress` hears of the bytes so
/// far.
pub fn run(produce: Produce, end: &mut dyn End, stop: &AtomicBool, progress: &dyn Fn(u64)) -> Result<Report> {
    // From the end to the producer. What comes between, stands between: redaction behind `Complete`, compression before `Count`.
    let mut count = Count::new(&mut *end, progress);
    let mut complete = Complete::new(&mut count);
    let mut gate = Gate::new(&mut complete, stop);
    let produced = guarded(produce, &mut gate);
    let stopped = gate.has_refused();
    // Each stage is finished when the one before it is.
    let finished = produced.and_then(|counts| complete.finish().map(|()| counts));
    let bytes = count.bytes();

    // What a producer says of an `out` that failed is not the cause.
    if let Some(failure) = end.take_failure() {
        return Err(failure);
    }
    // Nobody wants a text that was stopped, though it may be whole.
    if stopped || (finished.is_ok() && stop.load(Ordering::Relaxed)) {
        return Err(Error::Aborted);
    }
    let counts = finished?;
    end.commit()?;
    Ok(Report { bytes, counts })
}

/// Runs `produce`; a panic becomes an error.
fn guarded(produce: Produce, out: &mut dyn Write) -> Result<Counts> {
    catch_unwind(AssertUnwindSafe(|| produce(out))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().copied();
        let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Err(Error::Internal(format!(
            "a writer panicked: {}",
            said.unwrap_or("without a word")
        )))
    })
}
