//! The thread that looks after one snapshot: prepares, wakes the isolate's thread to fork, watches, and tries once more.

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{channel, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::child::ChildTask;
use super::gate::WorkerGate;
use super::mappings::Mappings;
use super::session::{Ready, Reply, Shared};
use super::watchdog::{Failure, Watch};
use crate::capture::fork_options::{ForkHooks, ForkOptions, ForkReport, Phase};
use crate::error::{Error, Result};
use crate::sink::{PartialFile, Produced, TextWriter};
use crate::v8::Platform;

/// Children that may be tried for one snapshot.
const ATTEMPTS: u32 = 2;
/// How often V8's workers are asked to park for one child, and how long each time.
const PARK_TRIES: u32 = 40;
const PARK_WAIT: Duration = Duration::from_millis(100);
/// How long the isolate's thread is waited for while V8's workers are parked and nobody else may fork, and the time between two
/// such waits. A thread that does not come may itself wait for a capture of its own, near the heap's limit.
const FORK_WAIT: Duration = Duration::from_secs(1);
const FORK_PAUSE: Duration = Duration::from_millis(100);
/// Between two looks at whether the capture was given up.
const TICK: Duration = Duration::from_millis(20);

/// Held while there is a child, for a stream until its child begins to write: two walks at once would cost the memory twice.
static TURN: Mutex<()> = Mutex::new(());

/// [`TURN`], while it is held.
type Turn = RefCell<Option<MutexGuard<'static, ()>>>;

/// See the module.
pub(super) struct Supervisor {
    pub(super) shared: Arc<Shared>,
    pub(super) platform: Platform,
    pub(super) options: ForkOptions,
    pub(super) hooks: ForkHooks,
    /// Dropped with the supervisor, which tells `ForkSession::gone`.
    pub(super) _alive: watch::Sender<()>,
}

impl Supervisor {
    pub fn run(self, out: &mut TextWriter) -> Result<()> {
        let turn = RefCell::new(None);
        let mut pause = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            turn.replace(None);
            turn.replace(Some(self.await_turn(attempts > 1)?));
            match self.attempt(out, &mut pause, &turn) {
                Ok((produced, confined)) => {
                    let report = ForkReport {
                        produced,
                        confined,
                        attempts,
                        pause,
                    };
                    // Set once: the loop ends here.
                    let _ = self.shared.report.set(report);
                    return Ok(());
                }
                // A reader that has begun cannot be given another text.
                Err(Ended::Child(Failure::Child(_) | Failure::Crash(_))) if attempts < ATTEMPTS && out.restart() => {}
                Err(ended) => return Err(self.explain(ended, attempts)),
            }
        }
    }

    /// Waits until no other capture of this process has a child. One that had its turn before is not refused it.
    fn await_turn(&self, again: bool) -> Result<MutexGuard<'static, ()>> {
        loop {
            match TURN.try_lock() {
                Ok(turn) => return Ok(turn),
                Err(TryLockError::Poisoned(poisoned)) => return Ok(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if self.options.refuse_when_busy && !again => {
                    return Err(Error::Busy(
                        "Another snapshot is being taken in a forked child. Wait for it, or leave out whenBusy: 'refuse'.",
                    ));
                }
                Err(TryLockError::WouldBlock) if self.shared.child.is_cancelled() => return Err(Error::Aborted),
                Err(TryLockError::WouldBlock) => std::thread::sleep(TICK),
            }
        }
    }

    fn explain(&self, ended: Ended, attempts: u32) -> Error {
        match ended {
            Ended::Error(error) => error,
            Ended::Child(Failure::Cancelled) => Error::Aborted,
            Ended::Child(Failure::Output(error)) => match &self.options.path {
                Some(path) => Error::io("write", path, error),
                None => Error::Aborted,
            },
            Ended::Child(Failure::Child(why) | Failure::Refused(why)) => {
                Error::ForkFailed(format!("the snapshot in a forked child failed in attempt {attempts}: {why}"))
            }
            Ended::Child(Failure::Crash(why) | Failure::NoMemory(why)) => Error::ChildCrashed(format!(
                "The snapshot in a forked child failed in attempt {attempts}: {why}. A snapshot in this process might end it the \
                 same way; isolation: 'inline' takes that risk."
            )),
        }
    }

    fn attempt(
        &self,
        out: &mut TextWriter,
        pause: &mut Duration,
        turn: &Turn,
    ) -> std::result::Result<(Produced, bool), Ended> {
        let refused = |what: &'static str| move |error| Error::ForkFailed(format!("{what} failed: {error}"));
        let null = File::options()
            .read(true)
            .write(true)
            .open("/dev/null")
            .map_err(refused("opening /dev/null"))?;
        // SAFETY: reads a number.
        let parent = unsafe { libc::getpid() };
        let mut missed = 0;
        while missed < PARK_TRIES {
            let (control, control_in) = pipe().map_err(refused("making a pipe"))?;
            let (relay, partial, output) = match &self.options.path {
                Some(path) => {
                    let (partial, file) = PartialFile::create(path)?;
                    let check = file.try_clone().map_err(|error| Error::io("open", path, error))?;
                    (None, Some((partial, check)), file)
                }
                None => {
                    let (data, data_in) = pipe().map_err(refused("making a pipe"))?;
                    (Some(data), None, data_in)
                }
            };
            let mappings = Arc::new(Mappings::lend().map_err(refused("reading the process's memory map"))?);
            let gate = self.park()?;
            let (reply, answer) = channel();
            let task = ChildTask {
                options: self.options.snapshot,
                pipeline: self.options.pipeline.clone(),
                output,
                control: control_in,
                null: null.try_clone().map_err(refused("opening /dev/null"))?,
                parent,
            };
            *self.shared.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some(Ready {
                gate,
                mappings: Arc::clone(&mappings),
                task,
                reply,
            });
            let forked = self.await_fork(&answer)?;
            // The forking thread has let go of it. From here on a fork of the service's own is as cheap as before.
            drop(mappings);
            match forked {
                None => {
                    turn.replace(None);
                    std::thread::sleep(FORK_PAUSE);
                    turn.replace(Some(self.await_turn(true)?));
                    continue;
                }
                Some(Reply::Missed) => {
                    missed += 1;
                    continue;
                }
                Some(Reply::Refused(error)) => return Err(refused("fork")(error).into()),
                Some(Reply::Forked { pause: stop }) => *pause += stop,
            }
            let watch = Watch {
                child: &self.shared.child,
                control,
                relay: relay.map(|data| (data, out as &mut dyn io::Write)),
                progress: &|phase, done, total| {
                    // A reader of two streams may take them in turns, and one that stops reading shall stop nobody else.
                    if self.options.path.is_none() && phase == Phase::Write {
                        turn.replace(None);
                    }
                    (self.hooks.progress)(phase, done, total);
                },
            };
            let (produced, confined) = watch.run().map_err(Ended::Child)?;
            if let Some((partial, file)) = partial {
                self.complete(partial, &file, produced)?;
            }
            return Ok((produced, confined));
        }
        Err(busy().into())
    }

    /// Gives the file its name, if it is as long as the child said.
    fn complete(&self, partial: PartialFile, file: &File, produced: Produced) -> Result<()> {
        let found = file.metadata().map_err(|error| Error::ForkFailed(error.to_string()))?;
        if found.is_file() && found.len() != produced.bytes {
            return Err(Error::ForkFailed(format!(
                "the file has {} bytes where the child wrote {}",
                found.len(),
                produced.bytes
            )));
        }
        partial.commit()
    }

    fn park(&self) -> Result<WorkerGate> {
        for _ in 0..PARK_TRIES {
            let gate = WorkerGate::post(self.platform);
            if gate.wait(PARK_WAIT) {
                return Ok(gate);
            }
            if self.shared.child.is_cancelled() {
                return Err(Error::Aborted);
            }
            drop(gate);
            std::thread::sleep(TICK);
        }
        Err(busy())
    }

    /// Wakes the isolate's thread and waits for what it says. `None` when it does not come in time: nothing is prepared any more then.
    fn await_fork(&self, answer: &Receiver<Reply>) -> Result<Option<Reply>> {
        if !(self.hooks.wake)() {
            // With it go the parked workers, the memory lent and the descriptors.
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
                Err(RecvTimeoutError::Timeout) if begin.elapsed() >= FORK_WAIT => {
                    if self.shared.take_ready().is_some() {
                        return Ok(None);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// How an attempt ended without a snapshot.
enum Ended {
    Error(Error),
    Child(Failure),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Ended {
        Ended::Error(error)
    }
}

fn busy() -> Error {
    Error::ForkFailed(
        "V8's worker threads were too busy to be parked for a fork; try again, or use isolation: 'inline'".into(),
    )
}

/// Both ends of a pipe, closed on exec.
fn pipe() -> io::Result<(File, File)> {
    let (reader, writer) = io::pipe()?;
    Ok((File::from(OwnedFd::from(reader)), File::from(OwnedFd::from(writer))))
}
