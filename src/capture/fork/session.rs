//! One snapshot by way of a forked child, from the request to the finished file or stream.
//!
//! A supervisor thread does all that needs no JavaScript thread: it reads the mappings, parks V8's workers, then wakes the
//! isolate's thread, which forks and goes on; it watches the child, and tries once more when that one died. The wake-up
//! comes through the event loop, so the stop is the fork alone.

use std::future::Future;
use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::child::ChildTask;
use super::gate::WorkerGate;
use super::mappings::Mappings;
use super::process::Child;
use super::spawn::fork_parked;
use super::supervisor::Supervisor;
use crate::capture::environment::Environment;
use crate::capture::fork_options::{ForkHooks, ForkOptions, ForkReport};
use crate::capture::heap::{prepare_serialize, Export};
use crate::error::Result;
use crate::sink::spawn_text;
use crate::v8::Isolate;

/// A child that is ready to be forked.
pub(super) struct Ready {
    pub gate: WorkerGate,
    pub mappings: Arc<Mappings>,
    pub task: ChildTask,
    pub reply: Sender<Reply>,
}

/// What became of it.
pub(super) enum Reply {
    Forked {
        pause: Duration,
    },
    /// The workers had left when the fork was about to begin, or memory was mapped that cannot be lent.
    Missed,
    Refused(io::Error),
}

/// What the isolate's thread and the supervisor share.
#[derive(Default)]
pub(super) struct Shared {
    pub ready: Mutex<Option<Ready>>,
    pub child: Child,
    pub forked: AtomicBool,
    pub report: OnceLock<ForkReport>,
}

impl Shared {
    /// What is ready to be forked; whoever takes it out is the only one.
    pub fn take_ready(&self) -> Option<Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A snapshot on its way.
pub struct ForkSession {
    isolate: Isolate,
    shared: Arc<Shared>,
    gone: watch::Receiver<()>,
}

impl ForkSession {
    /// Starts. The export ends when the snapshot is complete, and fails with the reason otherwise.
    pub fn start(
        environment: &Rc<Environment>,
        options: ForkOptions,
        hooks: ForkHooks,
    ) -> Result<(ForkSession, Export)> {
        let isolate = environment.isolate()?;
        let platform = environment.platform()?;
        let shared = Arc::new(Shared::default());
        let (alive, gone) = watch::channel(());
        let supervisor = Supervisor {
            shared: Arc::clone(&shared),
            platform,
            options,
            hooks,
            _alive: alive,
        };
        // The child asks for it too, and must not meet a half-made answer.
        prepare_serialize();
        let chunk_size = supervisor.options.chunk_size;
        let stream = spawn_text(chunk_size, move |out| supervisor.run(out))?;
        let child = Arc::clone(&shared);
        environment.adopt_fork(&stream, gone.clone(), move || child.child.cancel());
        let child = Arc::clone(&shared);
        let ended = Box::new(move || child.child.cancel());
        let export = Export::detached(Rc::clone(environment), stream, ended);
        Ok((ForkSession { isolate, shared, gone }, export))
    }

    /// Forks, if a child is ready for it. On the isolate's thread, from the event loop.
    pub fn fork(&self) {
        let Some(Ready {
            gate,
            mappings,
            task,
            reply,
        }) = self.shared.take_ready()
        else {
            return;
        };
        let begin = Instant::now();
        let forked = fork_parked(gate, &mappings, self.isolate, task);
        // Before the reply: the supervisor takes the memory back when nobody else has it.
        drop(mappings);
        let answer = match forked {
            Ok(Some(pid)) => {
                self.shared.forked.store(true, Ordering::SeqCst);
                self.shared.child.born(pid);
                Reply::Forked { pause: begin.elapsed() }
            }
            Ok(None) => Reply::Missed,
            Err(error) => Reply::Refused(error),
        };
        // A supervisor that is gone has been cancelled, and so has the child.
        if reply.send(answer).is_err() {
            self.shared.child.cancel();
        }
    }

    /// Waits, on any thread, until the child and all it left behind are gone, or the snapshot is complete.
    pub fn gone(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut gone = self.gone.clone();
        async move {
            // Nothing is ever sent: the error is the end.
            let _ = gone.changed().await;
        }
    }

    /// Whether there is, or was, a child.
    pub fn was_forked(&self) -> bool {
        self.shared.forked.load(Ordering::SeqCst)
    }

    /// [`ForkSession::was_forked`] and [`ForkSession::report`], for any thread.
    pub fn outcome(&self) -> impl Fn() -> (bool, Option<ForkReport>) + Send + 'static {
        let shared = Arc::clone(&self.shared);
        move || (shared.forked.load(Ordering::SeqCst), shared.report.get().copied())
    }

    /// What was done, once the export has ended.
    pub fn report(&self) -> Option<ForkReport> {
        self.shared.report.get().copied()
    }
}
