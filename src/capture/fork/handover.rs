//! What the isolate's thread and the supervisor's share: a child that is ready, its life, and how it all ended.

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::child::ChildTask;
use super::gate::WorkerGate;
use super::mappings::Mappings;
use super::process::Child;
use crate::capture::fork_hooks::ForkReport;
use crate::error::{Error, Result};
use crate::sink::Running;

/// A child that is ready to be forked. Dropped, it lets V8's workers go.
pub(super) struct Ready {
    pub gate: WorkerGate,
    pub mappings: Arc<Mappings>,
    pub task: ChildTask,
    pub reply: Sender<Reply>,
}

/// What became of it.
pub(super) enum Reply {
    Forked,
    /// The workers had left when the fork was about to begin, or memory was mapped that cannot be lent.
    Missed,
    Refused(io::Error),
}

/// Who wants to hear of an end.
pub(super) type Listener<T> = Box<dyn FnOnce(Result<T>) + Send>;

/// The end, or who waits for it.
enum Outcome {
    Running(Option<Listener<ForkReport>>),
    Ended(Option<Result<ForkReport>>),
}

struct Ending {
    outcome: Outcome,
    gone: bool,
    waiting: Vec<Listener<()>>,
}

pub(super) struct Shared {
    pub child: Child,
    ready: Mutex<Option<Ready>>,
    ending: Mutex<Ending>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new() -> Arc<Shared> {
        Arc::new(Shared {
            child: Child::default(),
            ready: Mutex::new(None),
            ending: Mutex::new(Ending {
                outcome: Outcome::Running(None),
                gone: false,
                waiting: Vec::new(),
            }),
            thread: Mutex::new(None),
        })
    }

    pub(super) fn put_ready(&self, ready: Ready) {
        lock(&self.ready).replace(ready);
    }

    /// What is ready to be forked; whoever takes it out is the only one.
    pub(super) fn take_ready(&self) -> Option<Ready> {
        lock(&self.ready).take()
    }

    pub(super) fn set_thread(&self, thread: JoinHandle<()>) {
        lock(&self.thread).replace(thread);
    }

    /// Waits for the thread's end. Not on that thread.
    pub(super) fn join(&self) {
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            // It has caught what panicked.
            let _ = thread.join();
        }
    }

    /// Ends what a supervisor has left behind.
    pub(super) fn clear(&self) {
        drop(self.take_ready());
        self.child.cancel();
        self.child.reap();
    }

    /// Tells who listens that this is the end. No child and no unfinished file is left.
    pub(super) fn finish(&self, result: Result<ForkReport>) {
        let (told, waiting) = {
            let mut ending = lock(&self.ending);
            ending.gone = true;
            let told = match std::mem::replace(&mut ending.outcome, Outcome::Ended(None)) {
                Outcome::Running(Some(listener)) => Some((listener, result)),
                Outcome::Running(None) | Outcome::Ended(_) => {
                    ending.outcome = Outcome::Ended(Some(result));
                    None
                }
            };
            (told, std::mem::take(&mut ending.waiting))
        };
        if let Some((listener, result)) = told {
            listener(result);
        }
        for listener in waiting {
            listener(Ok(()));
        }
    }

    /// Has the end told to one listener, the first.
    pub(super) fn on_result(&self, listener: Listener<ForkReport>) {
        let now = {
            let mut ending = lock(&self.ending);
            match &mut ending.outcome {
                Outcome::Running(place @ None) => {
                    *place = Some(listener);
                    return;
                }
                Outcome::Ended(result) => result.take(),
                Outcome::Running(Some(_)) => None,
            }
        };
        let twice = || Error::InvalidArgument("the result of a forked snapshot can be asked for once".into());
        listener(now.unwrap_or_else(|| Err(twice())));
    }

    /// Has the end told to whoever waits for it.
    pub(super) fn on_gone(&self, listener: Listener<()>) {
        {
            let mut ending = lock(&self.ending);
            if !ending.gone {
                ending.waiting.push(listener);
                return;
            }
        }
        listener(Ok(()));
    }
}

impl Running for Shared {
    fn settle(&self) {
        self.join();
    }

    /// Kills the child, and returns when it is gone.
    fn abort(&self) {
        self.child.cancel();
        self.join();
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn no_child_is_left_behind() {
        let shared = Shared::new();
        let started = Command::new("/bin/sleep").arg("60").spawn();
        shared
            .child
            .born(started.map_or(-1, |started| started.id().cast_signed()));
        assert!(!shared.child.has_ended());
        shared.clear();
        assert!(shared.child.has_ended() && shared.child.pid().is_none());
    }
}
