//! One snapshot by way of a forked child, from the request to the finished text, as the isolate's thread has it.
//!
//! A supervisor thread does all that needs no JavaScript thread: it reads the mappings, parks V8's workers, then wakes the
//! isolate's thread, which forks and goes on; it watches the child, and tries again when that one died. The wake-up
//! comes through the event loop, so the stop is the fork alone.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::sync::Arc;

use super::handover::{Listener, Ready, Reply, Shared};
use super::output::Output;
use super::spawn::fork_parked;
use super::supervisor::Supervisor;
use crate::capture::fork_hooks::{ForkHooks, ForkReport, ForkTerms};
use crate::capture::lifecycle::Lifecycle;
use crate::capture::snapshot_text::SnapshotOptions;
use crate::error::{Error, Result};
use crate::sink::{spawn_text, spawn_thread, Running, Target, TextStream, STREAM_CHUNK};
use crate::v8::PersistentRegionLock;

/// A snapshot on its way. Dropped, it is given up.
pub struct ForkSession {
    life: Rc<Lifecycle>,
    shared: Arc<Shared>,
    stream: Option<Arc<TextStream>>,
}

impl ForkSession {
    /// Starts. Without a target it becomes a stream.
    pub(in crate::capture) fn start(
        life: &Rc<Lifecycle>,
        options: SnapshotOptions,
        target: Option<Target>,
        terms: ForkTerms,
        hooks: ForkHooks,
    ) -> Result<ForkSession> {
        let no_platform = || Error::Internal("this environment has no platform".into());
        let platform = life.isolate()?.platform().ok_or_else(no_platform)?;
        PersistentRegionLock::prepare();
        let (output, stream) = match target {
            Some(target) => (Output::File(target), None),
            None => {
                let (output, produce) = Output::stream();
                (output, Some(spawn_text(STREAM_CHUNK, produce)?))
            }
        };
        let shared = Shared::new();
        let supervisor = Supervisor {
            shared: Arc::clone(&shared),
            platform,
            options,
            output,
            terms,
            hooks,
        };
        let told = Arc::clone(&shared);
        let thread = spawn_thread(move || {
            let result = catch_unwind(AssertUnwindSafe(|| supervisor.run()));
            told.finish(result.unwrap_or_else(|_| {
                told.clear();
                Err(Error::Internal("the supervisor of a fork panicked".into()))
            }));
        })?;
        shared.set_thread(thread);
        // The child ends first: what it has open holds the thread behind a stream.
        life.adopt_child(&(Arc::clone(&shared) as Arc<dyn Running>));
        if let Some(stream) = &stream {
            life.adopt_child(&(Arc::clone(stream) as Arc<dyn Running>));
        }
        let life = Rc::clone(life);
        Ok(ForkSession { life, shared, stream })
    }

    /// Forks, if a child is ready for it. On the isolate's thread, from the event loop. Says whether there is one now.
    pub fn fork(&self) -> bool {
        let (Ok(isolate), Some(ready)) = (self.life.isolate(), self.shared.take_ready()) else {
            return false;
        };
        let Ready {
            gate,
            mappings,
            task,
            reply,
        } = ready;
        let forked = fork_parked(gate, &mappings, isolate, task);
        // Before the reply: the supervisor takes the memory back when nobody else has it.
        drop(mappings);
        let answer = match forked {
            Ok(Some(pid)) => {
                self.shared.child.born(pid);
                Reply::Forked
            }
            Ok(None) => Reply::Missed,
            Err(error) => Reply::Refused(error),
        };
        let born = matches!(answer, Reply::Forked);
        // A supervisor that is gone wants no child.
        if reply.send(answer).is_err() {
            self.shared.child.cancel();
        }
        born
    }

    /// The text, of one that became a stream. When it fails, the result says why.
    pub fn stream(&self) -> Result<&Arc<TextStream>> {
        let no_stream = || Error::Internal("this snapshot goes to a file".into());
        self.stream.as_ref().ok_or_else(no_stream)
    }

    /// Has the end told to one listener, on whatever thread.
    pub fn on_result(&self, listener: Listener<ForkReport>) {
        self.shared.on_result(listener);
    }

    /// Has it told when child and unfinished file are gone, or the file is complete, on whatever thread.
    pub fn on_gone(&self, listener: Listener<()>) {
        self.shared.on_gone(listener);
    }

    /// Gives it up: the child is killed. Does not wait. Repeatable.
    pub fn cancel(&self) {
        self.shared.child.cancel();
        if let Some(stream) = &self.stream {
            stream.give_up();
        }
    }

    /// Waits for the threads, which end when the end was told; that of a stream, if it was given up.
    pub fn join(&self) {
        self.shared.join();
        if let Some(stream) = &self.stream
            && self.shared.child.is_cancelled()
        {
            stream.abort();
        }
    }
}

impl Drop for ForkSession {
    fn drop(&mut self) {
        self.cancel();
    }
}
