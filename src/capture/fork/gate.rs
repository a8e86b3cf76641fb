//! V8's worker threads, parked.
//!
//! Why: a forked child has only the thread that forked. If another one was in the middle of marking, sweeping or compiling,
//! or merely waiting on the platform's condition variable, the child would wait for it for ever. So tasks are posted that do
//! nothing but wait, and the fork happens while every worker sits in one of them.
//!
//! A task also leaves by itself when its patience is at its end, unless the fork is just happening: a blocked main thread can
//! never dead-lock the platform.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::v8::Platform;

/// The most workers that were ever seen in tasks at once: the real number, which Node's platform overstates by one.
static SEEN: AtomicUsize = AtomicUsize::new(0);

#[derive(Default)]
struct State {
    parked: usize,
    open: bool,
    held: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change, at most for `time`.
    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let waited = self.changed.wait_timeout(state, time);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// What a parked worker does.
    fn park(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        if state.open {
            return;
        }
        state.parked += 1;
        self.changed.notify_all();
        while !state.open {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() && !state.held {
                break;
            }
            // Held: the forking thread always lets go, and wakes us.
            let wait = if state.held { patience } else { left };
            state = self.wait(state, wait);
        }
        state.parked -= 1;
    }
}

/// Tasks posted to the workers. Dropped, it lets them go.
pub(super) struct WorkerGate {
    shared: Arc<Shared>,
    workers: usize,
}

impl WorkerGate {
    /// Posts the tasks, which stay for at most `patience`. Any thread.
    pub(super) fn post(platform: Platform, patience: Duration) -> WorkerGate {
        let workers = platform.number_of_worker_threads();
        let shared = Arc::new(Shared::default());
        for _ in 0..workers {
            let shared = Arc::clone(&shared);
            platform.call_on_worker_thread(Box::new(move || shared.park(patience)));
        }
        WorkerGate { shared, workers }
    }

    /// How many must be parked.
    fn wanted(&self) -> usize {
        SEEN.load(Ordering::Relaxed)
            .max(self.workers.saturating_sub(1))
            .min(self.workers)
    }

    /// Waits until all are parked, at most for `time`. Says whether they are.
    pub(super) fn wait(&self, time: Duration) -> bool {
        let (until, mut state) = (Instant::now() + time, self.shared.lock());
        loop {
            SEEN.fetch_max(state.parked, Ordering::Relaxed);
            if state.parked >= self.wanted() {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.wait(state, left);
        }
    }

    /// Runs `fork` while all are parked and stay so. `None` when one has left already.
    pub(super) fn with_parked<T>(&self, fork: impl FnOnce() -> T) -> Option<T> {
        {
            let mut state = self.shared.lock();
            if state.parked < self.wanted() {
                return None;
            }
            state.held = true;
        }
        let result = fork();
        self.shared.lock().held = false;
        Some(result)
    }
}

impl Drop for WorkerGate {
    fn drop(&mut self) {
        self.shared.lock().open = true;
        self.shared.changed.notify_all();
    }
}
