//! The thread that looks after one snapshot: prepares, wakes the isolate's thread to fork, watches, and tries again.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::child::ChildTask;
use super::death::Death;
use super::gate::WorkerGate;
use super::handover::{Ready, Reply, Shared};
use super::mappings::Mappings;
use super::message::{Stage, Written};
use super::output::Output;
use super::watchdog::{Failure, Watch};
use crate::capture::fork_hooks::{ForkHooks, ForkReport};
use crate::capture::snapshot_text::SnapshotOptions;
use crate::error::{Error, Result};
use crate::v8::Platform;

/// Children that may be tried for one snapshot when they get stuck, and when they die.
const STUCK_TRIES: u32 = 3;
const DEAD_TRIES: u32 = 2;
/// How often V8's workers are asked to park for one child, and how long each time.
const PARK_TRIES: u32 = 40;
const PARK_WAIT: Duration = Duration::from_millis(100);
/// How long the isolate's thread is waited for while V8's workers are parked and nobody else may fork: at first, and, doubled each
/// time, at most. One that does not come is busy, and shall have its workers back for as long.
const FORK_WAIT: Duration = Duration::from_millis(100);
const LONGEST_FORK_WAIT: Duration = Duration::from_secs(1);
/// Between two looks at whether the capture was given up.
const TICK: Duration = Duration::from_millis(20);

/// Held while there is a child: two walks at once would cost the memory twice.
static TURN: Mutex<()> = Mutex::new(());

type Turn = MutexGuard<'static, ()>;

/// See the module. The output is dropped with it, and so the file is gone when [`Supervisor::run`] has failed.
pub(super) struct Supervisor {
    pub shared: Arc<Shared>,
    pub platform: Platform,
    pub options: SnapshotOptions,
    pub output: Output,
    pub hooks: ForkHooks,
}

impl Supervisor {
    pub(super) fn run(mut self) -> Result<ForkReport> {
        let mut attempts = 0;
        loop {
            let (control, turn) = self.fork_child()?;
            attempts += 1;
            let watched = self.watch(control, turn);
            match watched {
                Ok(written) => {
                    self.output.complete(written)?;
                    let Written { bytes, nodes, edges } = written;
                    return Ok(ForkReport {
                        bytes,
                        nodes,
                        edges,
                        attempts,
                    });
                }
                Err(Failure::Stuck(..)) if attempts < STUCK_TRIES && self.output.may_begin_anew() => {}
                Err(Failure::Died(stage, death, _))
                    if attempts < DEAD_TRIES && !is_want_of_memory(stage, death) && self.output.may_begin_anew() => {}
                Err(failure) => return Err(self.explain(failure, attempts)),
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

    fn explain(&self, failure: Failure, attempts: u32) -> Error {
        let failed = |stage: Stage, why: String| Error::ForkFailed {
            phase: stage.name(),
            reason: if attempts > 1 {
                format!("{why} (at attempt {attempts})")
            } else {
                why
            },
        };
        match failure {
            Failure::Cancelled => Error::Aborted,
            Failure::Walk => Error::WalkFailed,
            Failure::Output(error) => self.output.write_error(error),
            Failure::Stuck(stage, why) => failed(stage, why.into()),
            Failure::Died(stage, death, why) if is_want_of_memory(stage, death) => Error::NoMemory {
                phase: stage.name(),
                reason: why,
            },
            Failure::Died(stage, _, why) | Failure::Refused(stage, why) => failed(stage, why),
        }
    }

    /// Waits until no other capture of this process has a child.
    fn await_turn(&self) -> Result<Turn> {
        while !self.shared.child.is_cancelled() {
            match TURN.try_lock() {
                Ok(turn) => return Ok(turn),
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => sleep(TICK),
            }
        }
        Err(Error::Aborted)
    }

    /// Has a child forked; what it says comes from the file.
    fn fork_child(&mut self) -> Result<(File, Turn)> {
        let mut missed = 0;
        let mut wait = FORK_WAIT;
        while missed < PARK_TRIES {
            let turn = self.await_turn()?;
            let (control, task) = self.task()?;
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
    fn task(&mut self) -> Result<(File, ChildTask)> {
        let (control, control_in) = io::pipe().map_err(refused("making a pipe"))?;
        let null = File::options().read(true).write(true).open("/dev/null");
        let task = ChildTask {
            options: self.options,
            output: self.output.lend()?,
            control: File::from(OwnedFd::from(control_in)),
            null: null.map_err(refused("opening /dev/null"))?,
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
        if !(self.hooks.wake)() {
            // With it go the parked workers and the memory lent.
            drop(self.shared.take_ready());
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

/// Whether a child died of what a walk in the service would do to the service. V8 ends a process that gives it no memory; a child
/// that is broken dies of other signals, as a rule, and rather no snapshot than no service.
fn is_want_of_memory(stage: Stage, death: Death) -> bool {
    match death {
        Death::Memory => true,
        Death::Abort => stage == Stage::Walk,
        Death::Own | Death::Outside => false,
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
