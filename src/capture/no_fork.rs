//! The face of `fork` where there is none: everything is refused.

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use super::fork_hooks::{ForkHooks, ForkReport, ForkTerms};
use super::lifecycle::Lifecycle;
use super::snapshot_text::SnapshotOptions;
use crate::error::{Error, Result};
use crate::sink::{Target, TextStream};

/// Why [`ForkSession`] cannot be had.
pub fn why_not_fork() -> Option<String> {
    let why = if cfg!(target_os = "linux") {
        "Snapshots in a forked child need glibc; this build of rs-profiler is for another C library."
    } else {
        "Snapshots in a forked child need Linux."
    };
    Some(why.into())
}

/// Why nothing should be forked now, where something could be.
pub fn why_rest() -> Option<String> {
    None
}

/// See `fork::ForkSession`. There is none.
pub struct ForkSession(Infallible);

impl ForkSession {
    pub(super) fn start(
        _: &Rc<Lifecycle>,
        _: SnapshotOptions,
        _: Option<Target>,
        _: ForkTerms,
        _: ForkHooks,
    ) -> Result<ForkSession> {
        Err(Error::ForkFailed {
            phase: "fork",
            reason: "it needs Linux with glibc".into(),
        })
    }

    pub fn fork(&self) -> bool {
        match self.0 {}
    }

    pub fn stream(&self) -> Result<&Arc<TextStream>> {
        match self.0 {}
    }

    pub fn on_result(&self, _: Box<dyn FnOnce(Result<ForkReport>) + Send>) {
        match self.0 {}
    }

    pub fn on_gone(&self, _: Box<dyn FnOnce(Result<()>) + Send>) {
        match self.0 {}
    }

    pub fn cancel(&self) {
        match self.0 {}
    }

    pub fn join(&self) {
        match self.0 {}
    }
}
