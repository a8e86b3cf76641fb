//! CPU profiles that are running.

use std::cell::RefCell;
use std::rc::Rc;

use super::cpu::CpuSession;
use super::cpu_profilers::{CpuOptions, CpuProfilers};
use crate::error::{Error, Result};
use crate::v8::{CpuProfile, CpuProfiler};

enum State {
    New,
    Running(Rc<CpuProfiler>, u32),
    Stopped(Rc<CpuSession>),
    Gone,
}

/// A recording: made first, started later, stopped once.
///
/// It exists before V8 starts, so that whoever is interrupted in a start has its handle already. Dropped while it runs, it is
/// stopped: nothing records unseen.
pub struct CpuRecording {
    profilers: Rc<CpuProfilers>,
    state: RefCell<State>,
}

impl CpuRecording {
    pub fn new(profilers: &Rc<CpuProfilers>) -> CpuRecording {
        CpuRecording {
            profilers: Rc::clone(profilers),
            state: RefCell::new(State::New),
        }
    }

    /// Starts, once.
    pub fn start(&self, options: CpuOptions) -> Result<()> {
        if !matches!(*self.state.borrow(), State::New) {
            return Err(Error::Busy("This recording was started before."));
        }
        let (profiler, id) = self.profilers.start(options)?;
        self.state.replace(State::Running(profiler, id));
        Ok(())
    }

    /// Whether there is something to stop: it was started, and not discarded.
    pub fn is_held(&self) -> bool {
        matches!(*self.state.borrow(), State::Running(..) | State::Stopped(_))
    }

    /// Stops. Repeatable: who was interrupted on the way gets the same profile again.
    pub fn stop(&self, cleanup_limit: u32) -> Result<Rc<CpuSession>> {
        self.profilers.life().isolate()?;
        let mut state = self.state.borrow_mut();
        if let State::Running(profiler, id) = &*state {
            let profile = CpuProfile::stop(profiler, *id);
            self.profilers.retire_shared(cleanup_limit);
            *state = profile.map_or(State::Gone, |profile| {
                State::Stopped(CpuSession::new(&self.profilers, profile))
            });
        }
        match &*state {
            State::Stopped(session) => Ok(Rc::clone(session)),
            _ => Err(Error::NotRunning("This CPU profile is not running any more.")),
        }
    }

    /// Stops and throws away what was recorded. Repeatable.
    pub fn discard(&self) {
        if let State::Running(profiler, id) = self.state.replace(State::Gone) {
            drop(CpuProfile::stop(&profiler, id));
        }
    }
}

impl Drop for CpuRecording {
    fn drop(&mut self) {
        self.discard();
    }
}
