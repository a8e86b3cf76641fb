//! `NativeTask`: work of an analysis as JavaScript holds it.

use std::sync::Arc;

use napi_derive::napi;

use crate::analysis::{Phase, Work};

/// Gives the work up when nobody holds it any more: at the end of the environment, for instance.
pub(super) struct Held(Arc<Work>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[napi]
pub struct NativeTask {
    held: Arc<Held>,
}

/// The phases as words.
#[napi(string_enum = "camelCase")]
pub enum TaskPhase {
    Read,
    Analyse,
    Index,
}

/// How far the work has come.
#[napi(object, object_from_js = false)]
pub struct TaskProgress {
    pub phase: TaskPhase,
    pub done: f64,
    /// 0 while it is unknown.
    pub total: f64,
}

impl NativeTask {
    pub(super) fn work(&self) -> &Arc<Work> {
        &self.held.0
    }

    /// The work is not given up while this is there.
    pub(super) fn keep(&self) -> Arc<Held> {
        Arc::clone(&self.held)
    }
}

#[napi]
impl NativeTask {
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        NativeTask {
            held: Arc::new(Held(Arc::default())),
        }
    }

    /// Gives the work up: what waits for it is rejected now, and the thread ends at its next look. Repeatable.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.work().cancel();
    }

    #[napi(catch_unwind)]
    pub fn progress(&self) -> TaskProgress {
        let progress = self.work().progress();
        TaskProgress {
            phase: match progress.phase {
                Phase::Read => TaskPhase::Read,
                Phase::Analyse => TaskPhase::Analyse,
                Phase::Index => TaskPhase::Index,
            },
            done: progress.done as f64,
            total: progress.total as f64,
        }
    }
}
