//! `NativeHeapAnalysis`: a heap snapshot that was opened. Answers are JSON.

use std::cell::RefCell;

use napi::bindgen_prelude::{Buffer, ClassInstance, Env, Object, Result};
use napi_derive::napi;

use super::analysis_task::NativeTask;
use super::heap_question::NativeHeapQuestion;
use super::promise::promise;
use super::target::with_path;
use crate::analysis::{open_file, summarize_file, Opened, Outcome};
use crate::error::{Error, Result as OurResult};

/// What to open.
#[napi(object, object_to_js = false)]
pub struct NativeOpenOptions<'env> {
    /// The path is absolute, as bytes.
    pub path: Buffer,
    /// Where the index is, or shall be: an absolute path as well.
    pub index: Option<Buffer>,
    /// Whether what is whole of a file that was cut off will do.
    pub partial: bool,
    pub task: ClassInstance<'env, NativeTask>,
}

#[napi]
pub struct NativeHeapAnalysis {
    /// None when it was closed.
    opened: RefCell<Option<Opened>>,
}

impl NativeHeapAnalysis {
    pub(super) fn new(opened: Opened) -> Self {
        NativeHeapAnalysis {
            opened: RefCell::new(Some(opened)),
        }
    }

    fn opened(&self) -> Result<Opened> {
        Ok(self.opened.borrow().clone().ok_or(Error::Deleted("analysis"))?)
    }
}

/// A promise of what comes of a task, which goes on while somebody waits for it.
pub(super) fn promise_of<'env, T: Send + 'static, R: napi::bindgen_prelude::ToNapiValue + 'static>(
    env: &'env Env,
    task: &NativeTask,
    outcome: &Outcome<T>,
    convert: impl FnOnce(T) -> R + 'static,
) -> Result<Object<'env>> {
    let kept = task.keep();
    let finish = move |result: OurResult<T>| {
        let finished = result.map(convert);
        drop(kept);
        finished
    };
    promise(env, finish, |settle| {
        outcome.receive(settle);
        Ok(())
    })
}

#[napi]
impl NativeHeapAnalysis {
    /// Reads and analyses a file; a promise of its analysis.
    #[napi(catch_unwind)]
    pub fn open<'env>(env: &'env Env, options: NativeOpenOptions<'_>) -> Result<Object<'env>> {
        let path = with_path(&options.path, |path| path.to_path_buf());
        let index = options.index.map(|index| with_path(&index, |path| path.to_path_buf()));
        let outcome = open_file(path, index, options.partial, options.task.work());
        promise_of(env, &options.task, &outcome, NativeHeapAnalysis::new)
    }

    /// Sums up a file without opening it; a promise of JSON.
    #[napi(catch_unwind)]
    pub fn summarize<'env>(env: &'env Env, path: Buffer, task: &NativeTask) -> Result<Object<'env>> {
        let path = with_path(&path, |path| path.to_path_buf());
        promise_of(env, task, &summarize_file(path, task.work()), |json| json)
    }

    /// A promise of the JSON that answers a question; `base` is for comparisons.
    #[napi(catch_unwind)]
    pub fn ask<'env>(
        &self,
        env: &'env Env,
        question: NativeHeapQuestion,
        task: &NativeTask,
        base: Option<&NativeHeapAnalysis>,
    ) -> Result<Object<'env>> {
        let base = base.map(NativeHeapAnalysis::opened).transpose()?;
        let outcome = self.opened()?.ask(question.asked()?, base.as_ref(), task.work());
        promise_of(env, task, &outcome, |json| json)
    }

    /// Lets go of the snapshot; what is being asked ends by itself. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        if let Some(opened) = self.opened.take() {
            opened.close();
        }
    }
}

impl Drop for NativeHeapAnalysis {
    fn drop(&mut self) {
        self.close();
    }
}
