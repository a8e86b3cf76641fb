//! The thread that looks after one snapshot: prepares, wakes the isolate's thread to fork, watches, and tries again.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::child::ChildTask;
use super::gate::WorkerGate;
use super::handover::{Ready, Reply, Shared};
use super::mappings::Mappings;
use super::message::{Stage, Written};
use super::output::Output;
use super::trust;
use super::turn::Turn;
use super::watchdog::{Failure, Watch};
use super::work::{blame, is_fatal, Work};
use crate::capture::fork_hooks::{ForkHooks, ForkReport, ForkTerms};
use crate::capture::snapshot_text::SnapshotOptions;
use crate::error::{Error, Result};
use crate::v8::Platform;

/// How often V8's workers are asked to park for one child, and how long each time.
const PARK_TRIES: u32 = 40;
const PARK_WAIT: Duration = Duration::from_millis(100);
/// How long the isolate's thread is waited for while V8's workers are parked and nobody else may fork: at first, and, doubled each
/// time, at most. One that does not come is busy, and shall have its workers back for as long.
const FORK_WAIT: Duration = Duration::from_millis(100);
const LONGEST_FORK_WAIT: Duration = Duration::from_secs(1);
/// Between two looks at whether the capture was given up.
const TICK: Duration = Duration::from_millis(20);

/// See the module. The output is dropped with it, and so the file is gone when [`Supervisor::run`] has failed.
pub(super) struct Supervisor {
    pub shared: Arc<Shared>,
    pub platform: Platform,
    pub options: SnapshotOptions,
    pub output: Output,
    pub terms: ForkTerms,
    pub hooks: ForkHooks,
}

impl Supervisor {
    pub(super) fn run(mut self) -> Result<ForkReport> {
        let mut attempts = 0;
        // Another thread's canary may have told meanwhile.
        if let Some(reason) = trust::why_refused() {
            return Err(Error::ForkFailed { phase: "fork", reason });
        }
        if self.terms.canary && !trust::is_proven() {
            self.have_done(Work::Canary, &mut attempts)?;
        }
        let written = self.have_done(Work::Snapshot, &mut attempts)?;
        self.output.complete(written)?;
        Ok(ForkReport {
            bytes: written.bytes,
            nodes: written.nodes,
            edges: written.edges,
            private_dirty: written.private_dirty,
            attempts,
        })
    }

    /// Has children forked until one has done the work, or no other one would.
    fn have_done(&mut self, work: Work, attempts: &mut u32) -> Result<Written> {
        let (mut tries, mut by_themselves) = (0, 0);
        loop {
            let (control, turn) = self.fork_child(work)?;
            tries += 1;
            *attempts += 1;
            let failure = match self.watch(control, turn) {
                Ok(written) => {
                    trust::succeeded();
                    return Ok(written);
                }
                Err(failure) => failure,
            };
            by_themselves += u32::from(failure.is_by_itself(work));
            if !failure.is_worth_another(work, tries) || !self.output.may_begin_anew() {
                let error = self.explain(failure, work, tries);
                if by_themselves == tries {
                    blame(work, &error);
                }
                return Err(error);
            }
        }
    }

    /// Nobody else has a child meanwhile, but for one that writes to a stream: its reader may pause for as long as he likes.
    fn watch(&mut self, control: File, turn: Turn) -> std::result::Result<Written, Failure> {
        let turn = Cell::new(Some(turn));
        let begun = Cell::new(false);
        let output = RefCell::new(&mut self.output);
        let progress = |stage, done, total| {
            // Before the output: progress of the walk is heard before the text.
            if stage == Stage::Write || total > 0 {
                (self.hooks.progress)(Stage::name(stage), done, total);
            }
            if stage == Stage::Write && !begun.replace(true) {
                output.borrow_mut().begin();
                if output.borrow().is_stream() {
                    drop(turn.take());
                }
            }
        };
        let watch = Watch {
            child: &self.shared.child,
            control,
            progress: &progress,
        };
        watch.run()
    }

    fn explain(&self, failure: Failure, work: Work, tries: u32) -> Error {
        let failed = |stage: Stage, why: String| Error::ForkFailed {
            phase: stage.name(),
            reason: if tries > 1 {
                format!("{why} (at attempt {tries})")
            } else {
                why
            },
        };
        match failure {
            Failure::Cancelled => Error::Aborted,
            Failure::Walk => Error::WalkFailed,
            Failure::Output(error) => self.output.write_error(error),
            Failure::Stuck(stage, why) => failed(stage, why.into()),
            Failure::Died(stage, death, why) if is_fatal(work, stage, death) => Error::NoMemory {
                phase: stage.name(),
                reason: why,
            },
            Failure::Died(stage, _, why) | Failure::Refused(stage, why) => failed(stage, why),
        }
    }

    /// Has a child forked; what it says comes from the file.
    fn fork_child(&mut self, work: Work) -> Result<(File, Turn)> {
        let mut missed = 0;
        let mut wait = FORK_WAIT;
        while missed < PARK_TRIES {
            let turn = Turn::take(self.terms.turns.as_deref(), || self.shared.child.is_cancelled())?;
            let (control, task) = self.task(work)?;
            let mappings = Mappings::lend().map_err(refused("reading the memory map of this process"))?;
            let mappings = Arc::new(mappings);
            let gate = self.park(PARK_WAIT + wait)?;
            let (reply, answer) = channel();
            self.shared.put_ready(Ready {
                gate,
                mappings: Arc::clone(&mappings),
                task,
                reply,
            });
            let forked = self.await_fork(&answer, wait)?;
            // The forking thread has let go of it. From here on a fork of the service's own is as cheap as before.
            drop(mappings);
            match forked {
                Some(Reply::Forked) => return Ok((control, turn)),
                Some(Reply::Missed) => missed += 1,
                Some(Reply::Refused(error)) => return Err(refused("fork")(error)),
                None => {
                    drop(turn);
                    self.pause(wait);
                    wait = LONGEST_FORK_WAIT.min(wait * 2);
                }
            }
        }
        Err(busy())
    }

    /// All that a child needs, and where it can be heard.
    fn task(&mut self, work: Work) -> Result<(File, ChildTask)> {
        let (control, control_in) = io::pipe().map_err(refused("making a pipe"))?;
        let null = || {
            File::options()
                .read(true)
                .write(true)
                .open("/dev/null")
                .map_err(refused("opening /dev/null"))
        };
        let canary = work == Work::Canary;
        let task = ChildTask {
            options: self.options,
            output: if canary { null()? } else { self.output.lend()? },
            control: File::from(OwnedFd::from(control_in)),
            null: null()?,
            canary,
            // SAFETY: reads a number.
            parent: unsafe { libc::getpid() },
        };
        Ok((File::from(OwnedFd::from(control)), task))
    }

    fn park(&self, patience: Duration) -> Result<WorkerGate> {
        for _ in 0..PARK_TRIES {
            let gate = WorkerGate::post(self.platform, patience);
            if gate.wait(PARK_WAIT) {
                return Ok(gate);
            }
            if self.shared.child.is_cancelled() {
                return Err(Error::Aborted);
            }
            drop(gate);
            sleep(TICK);
        }
        Err(busy())
    }

    /// Sleeps, unless the capture is given up.
    fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && !self.shared.child.is_cancelled() {
            sleep(TICK);
        }
    }

    /// Wakes the isolate's thread and waits for what it says. `None` when it does not come in time: nothing is ready any more then.
    fn await_fork(&self, answer: &Receiver<Reply>, wait: Duration) -> Result<Option<Reply>> {
        // With what is taken out go the parked workers and the memory lent. What an earlier call has taken is being forked.
        if !(self.hooks.wake)() && self.shared.take_ready().is_some() {
            return Err(Error::Closed);
        }
        let begin = Instant::now();
        loop {
            match answer.recv_timeout(TICK) {
                Ok(reply) => return Ok(Some(reply)),
                Err(RecvTimeoutError::Disconnected) => return Err(Error::Closed),
                Err(RecvTimeoutError::Timeout) if self.shared.child.is_cancelled() => {
                    // Taken out, it cannot be forked any more; if it just was, the child is killed as soon as it is known.
                    if self.shared.take_ready().is_some() {
                        return Err(Error::Aborted);
                    }
                }
                Err(RecvTimeoutError::Timeout) if begin.elapsed() >= wait => {
                    if self.shared.take_ready().is_some() {
                        return Ok(None);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// The system refused something that comes before the child.
fn refused(what: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| Error::ForkFailed {
        phase: "fork",
        reason: format!("{what} failed: {error}"),
    }
}

fn busy() -> Error {
    Error::ForkFailed {
        phase: "fork",
        reason: "V8's worker threads were too busy to be parked; it may succeed at another time".into(),
    }
}
