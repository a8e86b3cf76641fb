//! The thread that notices, from outside, that an event loop does not turn: it misses the heartbeats that the loop sends.
//!
//! It knows the time and asks for interrupts; what they do is the business of `stall.rs`, on the loop's thread.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::v8::Interrupter;

/// How far a stall has come. Each is left by one thread only, under the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The loop turns, or stands still and nobody shall look.
    Quiet,
    /// An interrupt that starts the profile was asked for.
    Asked(Instant),
    /// The profile is running.
    Recording(Instant),
    /// An interrupt that ends it was asked for.
    Ending(Instant),
    /// The profile has ended; the loop has not answered yet, or the file is not complete.
    Ended,
}

/// What both threads see.
#[derive(Debug)]
pub(super) struct Pulse {
    pub(super) beats: u64,
    pub(super) beat_at: Instant,
    pub(super) armed: bool,
    pub(super) phase: Phase,
    closed: bool,
}

/// What the monitor has to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Between two heartbeats, and two looks at them.
    pub(super) beat: Duration,
    /// A loop that is late by this stands still.
    pub(super) delay: Duration,
    /// The profile ends after this, whether the loop answers or not.
    pub(super) longest: Duration,
}

/// The pulse of one event loop.
pub(super) struct Shared {
    pulse: Mutex<Pulse>,
    changed: Condvar,
}

impl Shared {
    pub(super) fn new() -> Arc<Shared> {
        Arc::new(Shared {
            pulse: Mutex::new(Pulse {
                beats: 0,
                beat_at: Instant::now(),
                armed: true,
                phase: Phase::Quiet,
                closed: false,
            }),
            changed: Condvar::new(),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Pulse> {
        self.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

/// The thread at work. Dropped, it has ended.
pub(super) struct Monitor {
    shared: Arc<Shared>,
    interrupter: Arc<Interrupter>,
    thread: Option<JoinHandle<()>>,
}

impl Monitor {
    /// `start` and `end` make the interrupts.
    pub(super) fn spawn(
        shared: &Arc<Shared>,
        interrupter: Arc<Interrupter>,
        limits: Limits,
        start: impl Fn() -> Box<dyn FnOnce() + Send> + Send + 'static,
        end: impl Fn() -> Box<dyn FnOnce() + Send> + Send + 'static,
    ) -> Result<Monitor> {
        let (seen, ask) = (Arc::clone(shared), Arc::clone(&interrupter));
        let thread = thread::Builder::new()
            .name("rs-profiler-loop".to_string())
            // It has no deep calls.
            .stack_size(128 << 10)
            .spawn(move || {
                watch(&seen, limits, |phase| match phase {
                    Phase::Asked(_) => ask.request(start()),
                    _ => ask.request(end()),
                })
            })
            .map_err(Error::NoThread)?;
        Ok(Monitor {
            shared: Arc::clone(shared),
            interrupter,
            thread: Some(thread),
        })
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.interrupter.close();
        self.shared.close();
        if let Some(thread) = self.thread.take() {
            // It panicked: then it has ended as well.
            let _ = thread.join();
        }
    }
}

/// Until the pulse is closed. A machine or process that was stopped is not a stall: of the time between two looks, at most two
/// periods count.
fn watch(shared: &Shared, limits: Limits, ask: impl Fn(Phase) -> bool) {
    let (mut seen, mut silent, mut looked_at) = (0, Duration::ZERO, Instant::now());
    let mut pulse = shared.lock();
    while !pulse.closed {
        let waited = shared.changed.wait_timeout(pulse, limits.beat);
        pulse = waited.map_or_else(|error| error.into_inner().0, |(pulse, _)| pulse);
        let now = Instant::now();
        silent += (now - looked_at).min(limits.beat * 2);
        looked_at = now;
        if pulse.beats != seen {
            (seen, silent) = (pulse.beats, Duration::ZERO);
        }
        let next = match pulse.phase {
            // The last heartbeat may have come a whole period before the loop began to stand still.
            Phase::Quiet if pulse.armed && silent >= limits.delay + limits.beat => Phase::Asked(now),
            Phase::Recording(since) if now - since >= limits.longest => Phase::Ending(since),
            _ => continue,
        };
        pulse.phase = next;
        // Not under the lock: V8 may run the interrupt at once, and it takes the lock.
        drop(pulse);
        ask(next);
        pulse = shared.lock();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::mpsc::{channel, Receiver};

    const LIMITS: Limits = Limits {
        beat: Duration::from_millis(2),
        delay: Duration::from_millis(10),
        longest: Duration::from_millis(10),
    };

    fn watched() -> (Arc<Shared>, Receiver<Phase>, JoinHandle<()>) {
        let shared = Shared::new();
        let (sender, asked) = channel();
        let seen = Arc::clone(&shared);
        let thread = thread::spawn(move || watch(&seen, LIMITS, |phase| sender.send(phase).is_ok()));
        (shared, asked, thread)
    }

    #[test]
    fn a_silent_loop_is_asked_for_a_start_and_then_for_an_end() {
        let (shared, asked, thread) = watched();
        assert!(matches!(asked.recv().unwrap(), Phase::Asked(_)));
        let since = Instant::now();
        shared.lock().phase = Phase::Recording(since);
        assert_eq!(asked.recv().unwrap(), Phase::Ending(since));
        assert!(since.elapsed() >= LIMITS.longest);
        shared.close();
        thread.join().unwrap();
    }

    #[test]
    fn one_that_is_not_armed_is_left_alone_and_each_stall_is_asked_once() {
        let (shared, asked, thread) = watched();
        shared.lock().armed = false;
        let before = asked.try_iter().count();
        assert!(before <= 1);
        shared.lock().phase = Phase::Quiet;
        assert!(asked.recv_timeout(LIMITS.delay * 4).is_err());
        shared.lock().armed = true;
        assert!(matches!(asked.recv().unwrap(), Phase::Asked(_)));
        assert!(asked.recv_timeout(LIMITS.delay * 4).is_err());
        shared.close();
        thread.join().unwrap();
    }
}
