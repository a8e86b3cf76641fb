//! The CPU profile of an event loop that stands still.
//!
//! A thread of ours misses the loop's heartbeats and asks V8 for an interrupt, which starts a profile within whatever runs: an
//! endless loop, a regular expression that backtracks. It ends when the loop answers, or by a second interrupt. Node's inspector
//! starts and stops its profiles in such interrupts too. The file is written on the runtime's threads, so it is complete even if
//! the loop never turns again.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rs_profiler_core::format::cpuprofile::FileUrlStyle;

use super::cpu::{ProfileData, ProfileView};
use super::cpu_source::V8Profile;
use super::environment::Environment;
use super::stall_file::{write, WrittenStall};
use super::stall_monitor::{Limits, Monitor, Phase, Shared};
use crate::error::{Error, Result};
use crate::sink::runtime;
use crate::v8::{CpuProfile, CpuProfiler};

/// What is watched and kept.
#[derive(Debug, Clone)]
pub struct StallOptions {
    /// Between two heartbeats.
    pub beat: Duration,
    /// A loop that is late by this stands still.
    pub delay: Duration,
    /// The longest profile.
    pub longest: Duration,
    /// Between two samples.
    pub interval_us: i32,
    /// An existing folder; without one no file is written.
    pub folder: Option<PathBuf>,
    pub file_urls: FileUrlStyle,
}

/// A stall that is over, but for what is still to be told of an endless one.
pub struct StallReport {
    /// How late the loop was.
    pub stalled: Duration,
    /// From the request of the profile to its start; `None` when V8 let no interrupt through.
    pub waited: Option<Duration>,
    /// What the start of the profile took.
    pub pause: Duration,
    /// None without a profile.
    pub written: Option<Result<WrittenStall>>,
}

thread_local! {
    /// The watches of this thread, for interrupts, which can carry no pointer to one.
    static WATCHES: RefCell<Vec<(u64, Weak<StallWatch>)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// An interrupt that does something with a watch, if it is still there.
fn interrupt(id: u64, run: fn(&StallWatch)) -> Box<dyn FnOnce() + Send> {
    Box::new(move || {
        let found = WATCHES.with(|watches| {
            let watches = watches.try_borrow().ok()?;
            watches.iter().find(|(known, _)| *known == id)?.1.upgrade()
        });
        if let Some(watch) = found {
            run(&watch);
        }
    })
}

/// One event loop.
pub struct StallWatch {
    environment: Weak<Environment>,
    options: StallOptions,
    shared: Arc<Shared>,
    /// Logs code eagerly, from the begin of the watch on. One that is made in the interrupt does not know the code that V8 made by
    /// on-stack replacement for the very loop that runs, nor what is inlined in it: the function would have no name.
    profiler: Rc<CpuProfiler>,
    /// V8's number of the profile that runs.
    recording: Cell<Option<u32>>,
    /// Given back when it has been written.
    profile: RefCell<Option<CpuProfile>>,
    waited: Cell<Option<Duration>>,
    pause: Cell<Duration>,
    /// How late the loop was, when it has answered.
    answered: Cell<Option<Duration>>,
    written: Arc<Mutex<Option<Result<WrittenStall>>>>,
    monitor: RefCell<Option<Monitor>>,
}

impl Environment {
    /// Begins to watch this thread's event loop. One watch at a time.
    pub fn watch_stalls(self: &Rc<Self>, options: StallOptions) -> Result<()> {
        let isolate = self.isolate()?;
        if self.stalls.borrow().is_some() {
            return Err(Error::Busy(
                "The event loop of this thread is being watched already; stop that watch first.",
            ));
        }
        // Made now: an interrupt is no place for it.
        runtime()?;
        let id = NEXT.replace(NEXT.get() + 1);
        let limits = Limits {
            beat: options.beat,
            delay: options.delay,
            longest: options.longest,
        };
        let shared = Shared::new();
        let start = move || interrupt(id, StallWatch::begin);
        let end = move || interrupt(id, StallWatch::end);
        let monitor = Monitor::spawn(&shared, isolate.interrupter(), limits, start, end)?;
        let watch = Rc::new(StallWatch {
            environment: Rc::downgrade(self),
            options,
            shared,
            profiler: self.cpu.adopt(CpuProfiler::new(isolate, true)),
            recording: Cell::default(),
            profile: RefCell::default(),
            waited: Cell::new(None),
            pause: Cell::default(),
            answered: Cell::new(None),
            written: Arc::default(),
            monitor: RefCell::new(Some(monitor)),
        });
        WATCHES.with(|watches| {
            let mut watches = watches.borrow_mut();
            watches.retain(|(_, known)| known.strong_count() > 0);
            watches.push((id, Rc::downgrade(&watch)));
        });
        self.stalls.replace(Some(watch));
        Ok(())
    }

    /// The loop turns. Returns the report of a stall that is over.
    pub fn stall_beat(&self) -> Option<StallReport> {
        let watch = self.stalls.borrow().clone();
        watch.and_then(|watch| watch.beat())
    }

    /// Whether a stall from now on is to be recorded.
    pub fn arm_stalls(&self, armed: bool) {
        if let Some(watch) = &*self.stalls.borrow() {
            watch.shared.lock().armed = armed;
        }
    }

    /// Ends the watch; a profile that is running is given up. Repeatable.
    pub fn stop_stalls(&self) {
        if let Some(watch) = self.stalls.take() {
            watch.monitor.take();
            if let Some(id) = watch.recording.take() {
                watch.profiler.stop(id);
            }
        }
    }

    /// Ends the watch with the environment: a profile that is running is kept.
    pub(super) fn close_stalls(&self) {
        if let Some(watch) = self.stalls.take() {
            watch.monitor.take();
            watch.finish(self);
        }
    }
}

impl StallWatch {
    /// The first interrupt, within running JavaScript: starts the profile.
    fn begin(&self) {
        let Phase::Asked(asked) = self.shared.lock().phase else {
            return;
        };
        let waited = asked.elapsed();
        let begin = Instant::now();
        let started = self.profiler.start(self.options.interval_us, false, u32::MAX);
        let mut pulse = self.shared.lock();
        pulse.phase = match started {
            Ok(id) => {
                self.recording.set(Some(id));
                self.waited.set(Some(waited));
                self.pause.set(begin.elapsed());
                Phase::Recording(Instant::now())
            }
            Err(_) => {
                *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(Error::Internal(
                    "V8 did not start the CPU profile of a stall".into(),
                )));
                Phase::Ended
            }
        };
    }

    /// The second interrupt: the loop has not answered for too long.
    fn end(&self) {
        let phase = self.shared.lock().phase;
        if let (Phase::Ending(_), Some(environment)) = (phase, self.environment.upgrade()) {
            self.finish(&environment);
        }
    }

    /// Stops the profile and has it written. On the isolate's thread, perhaps within running JavaScript.
    fn finish(&self, environment: &Environment) {
        let Some(id) = self.recording.take() else {
            return;
        };
        self.shared.lock().phase = Phase::Ended;
        let profile = self.profiler.stop(id);
        let view = profile.as_ref().and_then(CpuProfile::view);
        let written = Arc::clone(&self.written);
        let tell = move |result| *written.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        let (Some(view), Ok(runtime)) = (view, runtime()) else {
            tell(Err(Error::Closed));
            return;
        };
        self.profile.replace(profile);
        let data = ProfileData::V8(ProfileView(V8Profile(view)));
        let options = self.options.clone();
        environment.adopt_task(runtime.spawn_blocking(move || {
            let result = write(&data, &options);
            // The profile can be given back when its last view is gone.
            drop(data);
            tell(result);
        }));
    }

    fn beat(&self) -> Option<StallReport> {
        let now = Instant::now();
        let (phase, late) = {
            let mut pulse = self.shared.lock();
            let late = (now - pulse.beat_at).saturating_sub(self.options.beat);
            (pulse.beats, pulse.beat_at) = (pulse.beats.wrapping_add(1), now);
            if let Phase::Asked(_) = pulse.phase {
                // The interrupt comes too late, if at all.
                let phase = std::mem::replace(&mut pulse.phase, Phase::Quiet);
                (phase, late)
            } else {
                (pulse.phase, late)
            }
        };
        match phase {
            Phase::Quiet => None,
            Phase::Asked(_) => Some(StallReport {
                stalled: late,
                waited: None,
                pause: Duration::ZERO,
                written: None,
            }),
            Phase::Recording(_) | Phase::Ending(_) => {
                self.answered.set(Some(late));
                if let Some(environment) = self.environment.upgrade() {
                    self.finish(&environment);
                }
                None
            }
            Phase::Ended => self.report(late),
        }
    }

    /// The report, when the file is complete.
    fn report(&self, late: Duration) -> Option<StallReport> {
        let stalled = self.answered.get().unwrap_or(late);
        self.answered.set(Some(stalled));
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.answered.set(None);
        // Deleted in V8, and its profiler with it.
        self.profile.take();
        self.shared.lock().phase = Phase::Quiet;
        Some(StallReport {
            stalled,
            waited: self.waited.take(),
            pause: self.pause.take(),
            written: Some(written),
        })
    }
}
