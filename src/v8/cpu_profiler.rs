//! A `v8::CpuProfiler`: starts and stops profiles, and is disposed when nobody needs it.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::Rc;

use super::isolate::Isolate;
use super::table::{RspCpuProfile, RspCpuProfiler, Table, CPU_PROFILER_STARTED, CPU_PROFILER_TOO_MANY};
use super::timer_slack::with_precise_timers;

/// How a profile is recorded.
#[derive(Debug, Clone, Copy)]
pub struct StartOptions {
    /// It must be accepted.
    pub interval_us: i32,
    /// V8's `kCallerLineNumbers`.
    pub caller_line_numbers: bool,
    /// 0 records no samples, `u32::MAX` all.
    pub max_samples: u32,
    /// Whether V8's sampler thread gets the smallest timer slack.
    pub precise_timers: bool,
}

/// Why a profile did not start.
#[derive(Debug, PartialEq, Eq)]
pub enum StartError {
    /// V8 runs at most 100 profiles per profiler.
    TooMany,
    /// The profiler was closed with its environment, or V8 refused for a reason it does not tell.
    Refused,
}

/// A CPU profiler of one isolate. Profiles stopped by it keep it alive, because disposing it frees them.
pub struct CpuProfiler {
    isolate: Isolate,
    ptr: Cell<Option<NonNull<RspCpuProfiler>>>,
    eager: bool,
    interval_us: Cell<i32>,
    running: RefCell<Vec<u32>>,
}

impl CpuProfiler {
    /// `eager`: V8 logs code for the whole life of the profiler, so that starts are quick; else from start to stop.
    pub fn new(isolate: Isolate, eager: bool) -> Rc<CpuProfiler> {
        // SAFETY: on the isolate's thread.
        let ptr = unsafe { (isolate.table.CpuProfiler_New)(isolate.raw(), eager.into()) };
        Rc::new(CpuProfiler {
            isolate,
            ptr: Cell::new(NonNull::new(ptr)),
            eager,
            interval_us: Cell::new(0),
            running: RefCell::new(Vec::new()),
        })
    }

    pub fn is_eager(&self) -> bool {
        self.eager
    }

    /// Whether no profile is running.
    pub fn is_idle(&self) -> bool {
        self.running.borrow().is_empty()
    }

    pub fn running_count(&self) -> usize {
        self.running.borrow().len()
    }

    /// Whether a profile at this interval can be started now: V8 takes a new interval only when nothing is running.
    pub fn accepts_interval(&self, us: i32) -> bool {
        self.is_idle() || self.interval_us.get() == us
    }

    pub(super) fn is_open(&self) -> bool {
        self.ptr.get().is_some()
    }

    pub(super) fn table(&self) -> &'static Table {
        self.isolate.table
    }

    /// Starts a profile; `CpuProfile::stop` stops it.
    pub fn start(&self, options: StartOptions) -> Result<u32, StartError> {
        let StartOptions {
            interval_us,
            caller_line_numbers,
            max_samples,
            precise_timers,
        } = options;
        let Some(ptr) = self.ptr.get() else {
            return Err(StartError::Refused);
        };
        if self.is_idle() && self.interval_us.get() != interval_us {
            // SAFETY: on the isolate's thread, and nothing is running.
            unsafe { (self.isolate.table.CpuProfiler_SetSamplingInterval)(ptr.as_ptr(), interval_us) };
            self.interval_us.set(interval_us);
        }
        let mut id = 0;
        let (isolate, start) = (self.isolate.raw(), self.isolate.table.CpuProfiler_Start);
        let status = with_precise_timers(precise_timers, || {
            // SAFETY: on the isolate's thread; the profiler is open; `id` outlives the call.
            unsafe {
                start(
                    isolate,
                    ptr.as_ptr(),
                    caller_line_numbers.into(),
                    max_samples,
                    &raw mut id,
                )
            }
        });
        match status {
            CPU_PROFILER_STARTED => {
                self.running.borrow_mut().push(id);
                Ok(id)
            }
            CPU_PROFILER_TOO_MANY => Err(StartError::TooMany),
            _ => Err(StartError::Refused),
        }
    }

    /// Stops a profile started here, which is the caller's then. `None` when it is not running.
    pub(super) fn stop(&self, id: u32) -> Option<NonNull<RspCpuProfile>> {
        let ptr = self.ptr.get()?;
        let at = self.running.borrow().iter().position(|running| *running == id)?;
        self.running.borrow_mut().remove(at);
        // SAFETY: on the isolate's thread; the profiler is open.
        let profile = unsafe { (self.isolate.table.CpuProfiler_Stop)(self.isolate.raw(), ptr.as_ptr(), id) };
        NonNull::new(profile)
    }

    /// Stops what is running and disposes the profiler with all its profiles. No view of one may be alive. Repeatable.
    pub fn close(&self) {
        let Some(ptr) = self.ptr.take() else { return };
        for id in self.running.take() {
            // SAFETY: on the isolate's thread; the profile is freed by the disposal.
            unsafe { (self.isolate.table.CpuProfiler_Stop)(self.isolate.raw(), ptr.as_ptr(), id) };
        }
        // SAFETY: on the isolate's thread, nothing is running, and `ptr` was taken out: this happens once.
        unsafe { (self.isolate.table.CpuProfiler_Dispose)(ptr.as_ptr()) };
    }
}

impl Drop for CpuProfiler {
    fn drop(&mut self) {
        self.close();
    }
}
