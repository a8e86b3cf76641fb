//! CPU profiles: which of V8's profilers records, when it is disposed, and what a stopped profile is read from.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::rc::{Rc, Weak};
use std::sync::{Arc, OnceLock};

use rs_profiler_core::model::CpuProfile as ProfileCopy;

use super::environment::Environment;
use super::export::{Begun, Export};
use super::profile_data::{CopyProfile, ProfileData, ProfileView};
use crate::error::{Error, Result};
use crate::sink::{Counts, Produce, Running, Task};
use crate::v8::{CpuProfile, CpuProfiler, StartError};

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

/// A profile that is running. It lets go of its profiler when it is stopped: what JavaScript holds of it is only collected
/// some time later, and the profiler would log code until then.
pub struct CpuRecording {
    profiler: Cell<Option<Rc<CpuProfiler>>>,
    id: u32,
}

/// The profilers of one environment.
///
/// The `shared` one serves starts until it is retired: then it is disposed as soon as the last profile it recorded is
/// deleted, which gives back what V8 logged for it. The `warm` one stays until `cool_down`.
#[derive(Default)]
pub(super) struct CpuProfilers {
    shared: RefCell<Option<Rc<CpuProfiler>>>,
    warm: RefCell<Option<Rc<CpuProfiler>>>,
    all: RefCell<Vec<Weak<CpuProfiler>>>,
    starts: Cell<u32>,
}

impl CpuProfilers {
    fn adopt(&self, profiler: Rc<CpuProfiler>) -> Rc<CpuProfiler> {
        let mut all = self.all.borrow_mut();
        all.retain(|known| known.strong_count() > 0);
        all.push(Rc::downgrade(&profiler));
        profiler
    }

    /// Disposes all profilers, whoever still holds them.
    pub(super) fn close(&self) {
        for profiler in self.all.take().iter().filter_map(Weak::upgrade) {
            profiler.close();
        }
    }
}

impl Environment {
    /// Starts a profile with the warm profiler if there is one, else with the shared one, else with one of its own (V8 does
    /// not change the interval of a profiler that is running).
    pub fn start_cpu(&self, options: CpuOptions) -> Result<CpuRecording> {
        let isolate = self.isolate()?;
        let cpu = &self.cpu;
        let fits = |profiler: &Option<Rc<CpuProfiler>>| {
            profiler
                .as_ref()
                .filter(|profiler| profiler.accepts_interval(options.interval_us))
                .map(Rc::clone)
        };
        let ready = fits(&cpu.warm.borrow()).or_else(|| fits(&cpu.shared.borrow()));
        let profiler = ready.unwrap_or_else(|| {
            let made = cpu.adopt(CpuProfiler::new(isolate, options.eager_logging));
            cpu.shared.borrow_mut().get_or_insert_with(|| Rc::clone(&made));
            made
        });
        let max_samples = if options.record_samples { u32::MAX } else { 0 };
        match profiler.start(options.interval_us, options.caller_line_numbers, max_samples) {
            Ok(id) => {
                cpu.starts.set(cpu.starts.get().saturating_add(1));
                Ok(CpuRecording {
                    profiler: Cell::new(Some(profiler)),
                    id,
                })
            }
            Err(StartError::TooMany) => Err(Error::TooManyProfiles(
                "V8 runs at most 100 CPU profiles at a time; stop one with stopProfiling(name) before starting another.",
            )),
            Err(StartError::Refused) => Err(Error::Internal("V8 did not start the CPU profile".into())),
        }
    }

    /// Stops a profile. When nothing runs any more and more than `cleanup_limit` profiles were started since the last
    /// time, the shared profiler is retired.
    pub fn stop_cpu(self: &Rc<Self>, recording: &CpuRecording, cleanup_limit: u32) -> Result<Rc<CpuSession>> {
        self.isolate()?;
        let profile = recording
            .profiler
            .take()
            .and_then(|profiler| profiler.stop(recording.id));
        let cpu = &self.cpu;
        let idle = cpu.shared.borrow().as_ref().is_some_and(|shared| shared.is_idle());
        if idle && cpu.starts.get() > cleanup_limit {
            cpu.shared.take();
            cpu.starts.set(0);
        }
        let profile = profile.ok_or(Error::NotRunning("This CPU profile is not running any more."))?;
        Ok(Rc::new(CpuSession {
            environment: Rc::clone(self),
            profile: RefCell::new(Some(profile)),
            copy: Arc::default(),
            exports: Cell::new(0),
            detached: Cell::new(false),
        }))
    }

    /// Keeps a profiler that logs code eagerly, so that starts find everything logged. Repeatable.
    pub fn warm_up(&self) -> Result<()> {
        let isolate = self.isolate()?;
        let cpu = &self.cpu;
        cpu.warm
            .borrow_mut()
            .get_or_insert_with(|| cpu.adopt(CpuProfiler::new(isolate, true)));
        Ok(())
    }

    /// Lets go of the warm profiler: it is disposed when its last profile has been stopped and deleted.
    pub fn cool_down(&self) {
        self.cpu.warm.take();
    }

    pub fn is_warm(&self) -> bool {
        self.cpu.warm.borrow().is_some()
    }

    /// How many of V8's profilers are open: what tests see of one being shared, kept and retired.
    pub fn open_profilers(&self) -> usize {
        let all = self.cpu.all.borrow();
        all.iter().filter(|profiler| profiler.strong_count() > 0).count()
    }

    /// A start and a stop. On the way V8 finds and keeps the line ends of every script, which a snapshot of an older V8
    /// would look for again for each closure (architecture: `DESIGN.md`, "Line ends").
    pub fn cache_line_ends(&self) -> Result<()> {
        let profiler = self.cpu.adopt(CpuProfiler::new(self.isolate()?, false));
        if let Ok(id) = profiler.start(1_000, false, 0) {
            profiler.stop(id);
        }
        Ok(())
    }
}

/// A stopped profile that JavaScript holds. It reads V8's structure until that is given back, then a copy of it.
pub struct CpuSession {
    environment: Rc<Environment>,
    profile: RefCell<Option<CpuProfile>>,
    copy: Arc<OnceLock<ProfileCopy>>,
    exports: Cell<usize>,
    detached: Cell<bool>,
}

impl CpuSession {
    /// What to read from.
    pub fn data(&self) -> Result<ProfileData> {
        if self.copy.get().is_some() {
            return Ok(ProfileData::Copy(Arc::clone(&self.copy)));
        }
        let view = self.profile.borrow().as_ref().and_then(CpuProfile::view);
        view.map(|view| ProfileData::V8(ProfileView(view))).ok_or(Error::Closed)
    }

    /// Whether V8 goes on logging code for this profile although nothing is running: then it should be detached soon.
    pub fn keeps_logging(&self) -> bool {
        !self.environment.is_warm() && self.profile.borrow().as_ref().is_some_and(CpuProfile::keeps_logging)
    }

    /// Makes ready to write the profile, in chunks of `chunk_size` bytes.
    pub fn export(
        self: &Rc<Self>,
        chunk_size: usize,
        write: impl FnOnce(&ProfileData, &mut dyn Write) -> Result<Counts> + Send + 'static,
    ) -> Result<Export> {
        let data = self.data()?;
        let produce: Produce = Box::new(move |out| write(&data, out));
        self.exports.set(self.exports.get() + 1);
        let session = Rc::clone(self);
        let ended = move || {
            session.exports.set(session.exports.get().saturating_sub(1));
            session.free_detached();
        };
        let begin = move || Ok(Begun { produce, here: false });
        Ok(Export::new(
            &self.environment,
            chunk_size,
            Box::new(begin),
            Box::new(ended),
        ))
    }

    /// Copies what is needed out of V8's profile and gives that back. Blocks for the time of both: for small profiles.
    pub fn detach(&self) -> Result<()> {
        if let (None, Ok(data)) = (self.copy.get(), self.data()) {
            let copy = data
                .read(CopyProfile)?
                .map_err(|error| Error::Internal(error.to_string()))?;
            self.copy.get_or_init(|| copy);
        }
        self.detach_finished();
        Ok(())
    }

    /// The same, copying on another thread. `done` is called there when `detach_finished` may be called here.
    pub fn detach_in_background(&self, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let data = self.data()?;
        let copy = Arc::clone(&self.copy);
        let task = Task::spawn(move |_| {
            let copied = data.read(CopyProfile);
            drop(data);
            done(match copied {
                Ok(Ok(made)) => {
                    copy.get_or_init(|| made);
                    Ok(())
                }
                Ok(Err(error)) => Err(Error::Internal(error.to_string())),
                Err(error) => Err(error),
            });
        })?;
        self.environment.adopt(&(task as Arc<dyn Running>));
        Ok(())
    }

    /// Deletes V8's profile now that there is a copy, or when the last export has ended. Repeatable.
    pub fn detach_finished(&self) {
        self.detached.set(true);
        self.free_detached();
    }

    fn free_detached(&self) {
        if !self.detached.get() || self.exports.get() > 0 || self.copy.get().is_none() {
            return;
        }
        if let Some(profile) = self.profile.take() {
            // A background copy may still hold a view: then the next one to end tries again.
            if let Err(profile) = profile.try_delete() {
                self.profile.replace(Some(profile));
            }
        }
    }
}
