//! V8's CPU profilers: which one records, how many there may be, and when one is disposed.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::lifecycle::{Ends, Lifecycle, Phase};
use super::living::{self, Reference};
use crate::error::{Error, Result};
use crate::sink::spawn_thread;
use crate::v8::{CpuProfile, CpuProfiler, Isolate, StartError, StartOptions};

/// Profiles that run at once, in all. V8's own limit, which it has per profiler.
const MOST_RUNNING: usize = 100;
/// V8's profilers that record at once. Each is told of all compiled code whenever another one starts, so that the cost of
/// starts grows with the square of their number: 60 took half a minute.
const MOST_INTERVALS: usize = 8;
/// Below this interval Linux's default timer slack of 50 us costs samples that were asked for (`benchmark/capture.js`, section
/// `overhead`).
const PRECISE_BELOW_US: i32 = 1_000;
/// ABIs of Node 18 and 20, whose V8 looks for the line ends of a script once per closure of a snapshot, unless they were looked
/// for before: with one script of 9 MB loaded a snapshot takes 20 s instead of 0.4 s, and 120 000 closures of a script of 120 KB
/// add seconds. To have them kept costs a start of a CPU profiler, which grows with the heap; no figure that V8 gives tells
/// beforehand whether it will pay.
const LINE_ENDS_ARE_SOUGHT: [u32; 2] = [108, 115];

/// How to record.
#[derive(Debug, Clone, Copy)]
pub struct CpuOptions {
    pub interval_us: i32,
    pub record_samples: bool,
    /// V8's `kCallerLineNumbers`: nodes are told apart by the line of the call.
    pub caller_line_numbers: bool,
    /// V8's `kEagerLogging`, if a profiler has to be made.
    pub eager_logging: bool,
}

const TOO_MANY_PROFILES: Error = Error::TooManyProfiles(
    "At most 100 CPU profiles can run at a time; stop one with stopProfiling(name) before starting another.",
);
const TOO_MANY_INTERVALS: Error = Error::TooManyProfiles(
    "CPU profiles run at 8 different sampling intervals already, and more would slow each start down; use one of these \
     intervals, or stop a profile first.",
);

/// The profilers of one environment.
///
/// The `shared` one serves starts until it is retired: then it is disposed as soon as the last profile it recorded is
/// deleted, which gives back what V8 logged for it. The `warm` one stays until `cool_down`.
pub struct CpuProfilers {
    life: Rc<Lifecycle>,
    shared: RefCell<Option<Rc<CpuProfiler>>>,
    warm: RefCell<Option<Rc<CpuProfiler>>>,
    all: RefCell<Vec<Weak<CpuProfiler>>>,
    starts: Cell<u32>,
}

impl Ends for CpuProfiler {
    /// Disposes it, whoever still holds it.
    fn end(&self, _: Isolate) {
        self.close();
    }
}

impl CpuProfilers {
    pub(super) fn new(life: &Rc<Lifecycle>) -> Rc<CpuProfilers> {
        Rc::new(CpuProfilers {
            life: Rc::clone(life),
            shared: RefCell::default(),
            warm: RefCell::default(),
            all: RefCell::default(),
            starts: Cell::new(0),
        })
    }

    pub(super) fn life(&self) -> &Rc<Lifecycle> {
        &self.life
    }

    fn make(&self, isolate: Isolate, eager: bool) -> Rc<CpuProfiler> {
        let made = CpuProfiler::new(isolate, eager);
        self.life.register(Phase::CpuProfilers, &made);
        living::push(&mut self.all.borrow_mut(), Rc::downgrade(&made));
        made
    }

    /// The profilers that are recording.
    fn recording(&self) -> Vec<Rc<CpuProfiler>> {
        let all = self.all.borrow();
        let alive = all.iter().filter_map(Weak::upgrade);
        alive.filter(|profiler| !profiler.is_idle()).collect()
    }

    /// A profiler for a start at an interval: the warm one, else the shared one, else one that records at this interval, else
    /// a new one (V8 does not change the interval of a profiler that is running).
    fn choose(&self, interval_us: i32, make: impl FnOnce() -> Rc<CpuProfiler>) -> Result<Rc<CpuProfiler>> {
        let recording = self.recording();
        if recording.iter().map(|profiler| profiler.running_count()).sum::<usize>() >= MOST_RUNNING {
            return Err(TOO_MANY_PROFILES);
        }
        let fits = |profiler: &&Rc<CpuProfiler>| profiler.accepts_interval(interval_us);
        let warm = self.warm.borrow();
        let mut shared = self.shared.borrow_mut();
        let ready = warm.as_ref().filter(fits).or_else(|| shared.as_ref().filter(fits));
        if let Some(ready) = ready.or_else(|| recording.iter().find(fits)) {
            return Ok(Rc::clone(ready));
        }
        if recording.len() >= MOST_INTERVALS {
            return Err(TOO_MANY_INTERVALS);
        }
        let made = make();
        shared.get_or_insert_with(|| Rc::clone(&made));
        Ok(made)
    }

    /// When the shared profiler is idle and more than `cleanup_limit` profiles were started since the last time, it is retired.
    pub(super) fn retire_shared(&self, cleanup_limit: u32) {
        let idle = self.shared.borrow().as_ref().is_some_and(|shared| shared.is_idle());
        if idle && self.starts.get() > cleanup_limit {
            self.shared.take();
            self.starts.set(0);
        }
    }

    pub(super) fn start(&self, options: CpuOptions) -> Result<(Rc<CpuProfiler>, u32)> {
        let isolate = self.life.isolate()?;
        let profiler = self.choose(options.interval_us, || self.make(isolate, options.eager_logging))?;
        thread_to_be_had(&profiler)?;
        match profiler.start(StartOptions {
            interval_us: options.interval_us,
            caller_line_numbers: options.caller_line_numbers,
            max_samples: if options.record_samples { u32::MAX } else { 0 },
            precise_timers: options.interval_us < PRECISE_BELOW_US,
        }) {
            Ok(id) => {
                self.starts.set(self.starts.get().saturating_add(1));
                Ok((profiler, id))
            }
            Err(StartError::TooMany) => Err(TOO_MANY_PROFILES),
            Err(StartError::Refused) => Err(Error::Internal("V8 did not start the CPU profile".into())),
        }
    }

    /// Keeps a profiler that logs code eagerly, so that starts find everything logged. Repeatable.
    pub fn warm_up(&self) -> Result<()> {
        let isolate = self.life.isolate()?;
        self.warm.borrow_mut().get_or_insert_with(|| self.make(isolate, true));
        Ok(())
    }

    /// Lets go of the warm profiler: it is disposed when its last profile has been stopped and deleted.
    pub fn cool_down(&self) {
        self.warm.take();
    }

    pub(super) fn is_warm(&self) -> bool {
        self.warm.borrow().is_some()
    }

    /// How many of V8's profilers are open: what tests see of one being shared, kept and retired.
    pub fn open_count(&self) -> usize {
        let all = self.all.borrow();
        all.iter().filter(|profiler| profiler.is_living()).count()
    }

    /// One extra sample in every CPU profile that runs in this thread.
    pub fn collect_sample(&self) -> Result<()> {
        self.life.isolate()?.collect_sample();
        Ok(())
    }

    /// A start and a stop, where they pay. On the way V8 finds and keeps the line ends of every script, which a snapshot of an
    /// older V8 would look for again for each closure (architecture: `DESIGN.md`, "Line ends").
    pub(super) fn cache_line_ends(&self) -> Result<()> {
        let isolate = self.life.isolate()?;
        if self.is_warm() || !LINE_ENDS_ARE_SOUGHT.contains(&isolate.node_abi()) {
            return Ok(());
        }
        let profiler = self.make(isolate, false);
        // Without it a snapshot only takes longer.
        if thread_to_be_had(&profiler).is_ok()
            && let Ok(id) = profiler.start(StartOptions {
                interval_us: PRECISE_BELOW_US,
                caller_line_numbers: false,
                max_samples: 0,
                precise_timers: false,
            })
        {
            drop(CpuProfile::stop(&profiler, id));
        }
        Ok(())
    }
}

/// Whether V8 can have the thread that it makes for a profiler which begins to record. From Node 24 on V8 ends the process when
/// it cannot. Another thread may still be quicker (docs/limits.md).
fn thread_to_be_had(profiler: &CpuProfiler) -> Result<()> {
    if profiler.is_idle() {
        // It does nothing, and so does not panic.
        let _ = spawn_thread(|| ())?.join();
    }
    Ok(())
}
