//! A capture when a heap is about to reach its limit, which V8 tells in the middle of an allocation: no JavaScript can run.
//!
//! The heap is given room, and a moment later, when V8 lets an interrupt through, a forked child takes the snapshot while the
//! service goes on: in the collection itself V8 holds locks that a child could not take (seen on Node 20). When the limit is reached
//! again before the child is ready, the service waits for it: it would end otherwise, and the child with it. A sampling heap
//! profile is read a moment later, when V8 lets an interrupt through.
//!
//! After the last capture the callback is taken out, and V8 does what it would have done without.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::SystemTime;

use rs_profiler_core::format::heapprofile::inspector;

use super::environment::Environment;
use super::heap::{SnapshotSession, CHUNK};
use super::near_limit_child::Running;
use super::near_limit_options::{Isolation, Names, NearLimitKind, NearLimitOptions, NearLimitReport, Reporter, Waker};
use crate::error::{Error, Result};
use crate::sink::write_file_blocking;
use crate::v8::NearHeapLimit;

/// What is added to the limit when nothing more is to be captured: enough for V8 to ask whoever registered before.
///
/// More than a scavenge promotes at once (16 MiB of survivors), or V8 of Node 18 finds itself above this limit too and ends the
/// process without asking.
const SPARE_BYTES: usize = 32 << 20;

/// One registration.
pub struct NearLimit {
    environment: Weak<Environment>,
    options: NearLimitOptions,
    report: Reporter,
    wake: Waker,
    left: Cell<u32>,
    names: Names,
    inside: Cell<bool>,
    /// The limit for which a snapshot is still to be begun.
    pending: Cell<Option<usize>>,
    running: RefCell<Option<Running>>,
    callback: RefCell<Option<NearHeapLimit>>,
}

impl Environment {
    /// Registers. One at a time in a thread.
    pub fn on_near_limit(self: &Rc<Self>, options: NearLimitOptions, report: Reporter, wake: Waker) -> Result<()> {
        let isolate = self.isolate()?;
        let state = Rc::new(NearLimit {
            environment: Rc::downgrade(self),
            left: Cell::new(options.max_captures),
            names: Names::default(),
            inside: Cell::new(false),
            pending: Cell::new(None),
            running: RefCell::new(None),
            callback: RefCell::new(None),
            options,
            report,
            wake,
        });
        let weak = Rc::downgrade(&state);
        let decide = move |current, _initial| weak.upgrade().map_or(current, |state| state.reached(current));
        let callback = NearHeapLimit::add(isolate, Box::new(decide)).ok_or(Error::Busy(
            "Another near-heap-limit callback of rs-profiler is registered in this thread; stop that one first.",
        ))?;
        state.callback.replace(Some(callback));
        self.near_limit.replace(Some(state));
        Ok(())
    }

    /// Takes the registration back; a child at work is ended. Repeatable.
    pub fn stop_near_limit(&self) {
        if let Some(state) = self.near_limit.take() {
            state.callback.take();
        }
    }

    /// Forks, if a child is ready.
    pub fn near_limit_wake(&self) {
        let state = self.near_limit.borrow().clone();
        if let Some(state) = state {
            state.begin_pending();
            if let Some(running) = &*state.running.borrow() {
                running.fork_if_woken();
            }
        }
    }
}

impl NearLimit {
    /// The new limit.
    fn reached(self: &Rc<Self>, current: usize) -> usize {
        let raised = current.saturating_add(self.options.raise_bytes);
        // What a capture does may itself come near the limit. Within a walk V8 asks `RaisedLimit`.
        if self.inside.replace(true) {
            return raised;
        }
        let respond = |environment: Rc<Environment>| self.respond(&environment, current, raised);
        let limit = self.environment.upgrade().map_or(current, respond);
        self.inside.set(false);
        limit
    }

    /// Begins the snapshot that is due, on the isolate's thread, outside of a collection.
    fn begin_pending(&self) {
        let (Some(limit), Some(environment)) = (self.pending.take(), self.environment.upgrade()) else {
            return;
        };
        let inside = self.inside.replace(true);
        self.capture_snapshot(&environment, limit);
        self.inside.set(inside);
        if self.left.get() == 0 && self.running.borrow().is_none() {
            self.retire();
        }
    }

    /// Not here, where V8 collects and holds locks that a forked child could not take: at the next occasion in JavaScript, or
    /// when the event loop turns.
    fn defer_snapshot(self: &Rc<Self>, environment: &Rc<Environment>, limit: usize) {
        self.pending.set(Some(limit));
        if let Ok(isolate) = environment.isolate() {
            let weak = Rc::downgrade(self);
            isolate.request_interrupt(Box::new(move || {
                if let Some(state) = weak.upgrade() {
                    state.begin_pending();
                }
            }));
        }
        (self.wake)();
    }

    fn respond(self: &Rc<Self>, environment: &Rc<Environment>, current: usize, raised: usize) -> usize {
        // No occasion came: better here than never.
        if self.pending.get().is_some() {
            self.begin_pending();
            return raised;
        }
        let spare = current.saturating_add(SPARE_BYTES);
        if let Some(running) = self.running.take().filter(|running| !running.is_finished()) {
            while !running.is_finished() {
                running.pump();
            }
            if self.left.get() == 0 {
                self.retire();
            }
            return spare;
        }
        if self.left.get() == 0 {
            // With the old limit V8 would end the process at once, and never ask the callback that ends only a worker.
            self.retire();
            return spare;
        }
        self.left.set(self.left.get() - 1);
        match self.options.kind {
            NearLimitKind::Snapshot => self.defer_snapshot(environment, current),
            NearLimitKind::Sampling => self.capture_sampling(environment, current),
        }
        if self.options.kind == NearLimitKind::Sampling && self.left.get() == 0 {
            self.retire();
        }
        raised
    }

    /// Lets V8 forget us; from within its call.
    fn retire(&self) {
        if let Some(callback) = &*self.callback.borrow() {
            callback.remove();
        }
    }

    fn capture_snapshot(&self, environment: &Rc<Environment>, limit: usize) {
        let path = self.names.next(&self.options, "Heap", &self.options.extension);
        let begin = SystemTime::now();
        let mut reason = None;
        if self.options.isolation != Isolation::Inline {
            match Running::start(
                environment,
                &self.options,
                (&self.report, &self.wake),
                path.clone(),
                limit,
            ) {
                Ok(running) => {
                    self.running.replace(Some(running));
                    return;
                }
                Err(error) => reason = Some(error.to_string()),
            }
        }
        let result = match (&reason, self.options.isolation) {
            (Some(reason), Isolation::Fork) => Err(Error::ForkFailed(reason.clone())),
            _ => SnapshotSession::take(environment, self.options.snapshot).and_then(|(session, _)| {
                // The mark tells of a child, whose ids go with it.
                let mut pipeline = self.options.pipeline.clone();
                pipeline.mark = None;
                let written = session.write_file(&path, CHUNK, pipeline);
                session.delete();
                written
            }),
        };
        (self.report)(NearLimitReport {
            path,
            limit,
            forked: false,
            reason,
            pause: begin.elapsed().unwrap_or_default(),
            result: result.map(|produced| Some(produced.redacted)),
        });
    }

    fn capture_sampling(&self, environment: &Rc<Environment>, limit: usize) {
        let Ok(isolate) = environment.isolate() else {
            return;
        };
        let path = self.names.next(&self.options, "Heap", "heapprofile");
        let (weak, report) = (Weak::clone(&self.environment), Arc::clone(&self.report));
        isolate.request_interrupt(Box::new(move || {
            let begin = SystemTime::now();
            let profile = weak
                .upgrade()
                .ok_or(Error::Closed)
                .and_then(|environment| environment.read_sampling());
            let result = profile.and_then(|profile| {
                write_file_blocking(&path, |file| {
                    inspector::write(&profile, file)
                        .map(drop)
                        .map_err(std::io::Error::other)
                })
            });
            report(NearLimitReport {
                path,
                limit,
                forked: false,
                reason: None,
                pause: begin.elapsed().unwrap_or_default(),
                result: result.map(|()| None),
            });
        }));
    }
}
