//! The sampling heap profiler, which V8 has once per isolate.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::rc::Rc;

use rs_profiler_core::model::SamplingHeapProfile;

use super::export::{Begun, Export};
use super::lifecycle::{Ends, Lifecycle, Phase};
use super::sampling_source::V8AllocationProfile;
use crate::error::{Error, Result};
use crate::sink::Produce;
use crate::v8::{AllocationProfile, Isolate};

/// How to sample.
#[derive(Debug, Clone, Copy)]
pub struct SamplingOptions {
    /// Mean distance of samples in bytes, above 0.
    pub interval_bytes: u64,
    /// Frames kept of each stack.
    pub stack_depth: i32,
    /// Whether a profile of this environment that runs already is in the way.
    pub exclusive: bool,
}

/// The sampling heap profiler of one environment.
pub struct Sampling {
    life: Rc<Lifecycle>,
    running: Cell<bool>,
}

impl Sampling {
    pub(super) fn new(life: &Rc<Lifecycle>) -> Rc<Sampling> {
        let sampling = Rc::new(Sampling {
            life: Rc::clone(life),
            running: Cell::new(false),
        });
        life.register(Phase::Sampling, &sampling);
        sampling
    }

    /// Starts. When this environment's profiler runs already, nothing happens, as in v8-profiler-next. V8 is asked whether it
    /// runs: an inspector may have stopped it.
    pub fn start(&self, options: SamplingOptions) -> Result<()> {
        let isolate = self.life.isolate()?;
        let Some(interval_bytes) = NonZeroU64::new(options.interval_bytes) else {
            return Err(Error::InvalidArgument(
                "The sampling interval must be at least 1 byte.".into(),
            ));
        };
        if isolate.start_sampling_heap_profiler(interval_bytes, options.stack_depth) {
            self.running.set(true);
            return Ok(());
        }
        match (self.running.get(), options.exclusive) {
            (true, false) => Ok(()),
            (true, true) => Err(Error::Busy(
                "A sampling heap profile is running already, and V8 has only one; stop it first.",
            )),
            (false, _) => Err(Error::Busy(
                "Another user of V8's sampling heap profiler is running in this thread, and V8 has only one: stop that one first.",
            )),
        }
    }

    /// Stops and returns the profile.
    pub fn stop(&self) -> Result<SamplingHeapProfile> {
        let isolate = self.life.isolate()?;
        if !self.running.get() {
            return Err(Error::NotRunning(
                "No sampling heap profile is running; call startSamplingHeapProfiling() first.",
            ));
        }
        let copy = AllocationProfile::lend(isolate, |profile| {
            SamplingHeapProfile::copy_of(&V8AllocationProfile(profile))
        });
        isolate.stop_sampling_heap_profiler();
        self.running.set(false);
        let copy = copy.ok_or(Error::NotRunning(
            "V8's sampling heap profiler was stopped by somebody else in this thread; its samples are lost.",
        ))?;
        copy.map_err(|error| Error::Internal(error.to_string()))
    }

    /// Makes ready to write a profile, which `produce` owns.
    pub fn export(&self, produce: Produce) -> Export {
        let begin = move || Ok(Begun { produce, here: false });
        Export::new(&self.life, Box::new(begin), Box::new(()))
    }
}

impl Ends for Sampling {
    fn end(&self, isolate: Isolate) {
        if self.running.replace(false) {
            isolate.stop_sampling_heap_profiler();
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        if let Ok(isolate) = self.life.isolate() {
            self.end(isolate);
        }
    }
}
