//! `NativeSnapshotCapture`: a heap snapshot on its way to a file.

use std::rc::Rc;

use napi::bindgen_prelude::{Env, Object, Result, Uint32Array};
use napi_derive::napi;

use super::export::byte_progress;
use super::options::WriteOptions;
use super::promise::promise;
use super::report::FileReport;
use super::snapshot::flat;
use crate::capture::SnapshotCapture;

#[napi]
pub struct NativeSnapshotCapture {
    capture: Rc<SnapshotCapture>,
}

impl NativeSnapshotCapture {
    pub(super) fn new(capture: SnapshotCapture) -> Self {
        NativeSnapshotCapture {
            capture: Rc::new(capture),
        }
    }
}

#[napi]
impl NativeSnapshotCapture {
    /// What V8 reported during the walk: done, total, done, total, ..., up to equals. Empty at the second call.
    #[napi(catch_unwind)]
    pub fn take_progress(&self) -> Uint32Array {
        flat(self.capture.take_progress())
    }

    /// A guess at the length of the text.
    #[napi(catch_unwind)]
    pub fn expected_bytes(&self) -> f64 {
        self.capture.expected_bytes() as f64
    }

    /// Writes it to a file, and deletes the snapshot; a promise of a report.
    #[napi(catch_unwind)]
    pub fn write_file<'env>(&self, env: &'env Env, options: WriteOptions<'_>) -> Result<Object<'env>> {
        let target = options.target.take()?;
        let progress = byte_progress(options.on_bytes)?;
        let capture = Rc::clone(&self.capture);
        let finish = move |written| {
            let pause = capture.close();
            Ok(FileReport::from(written?).with_pause(pause))
        };
        promise(env, finish, |settle| self.capture.write_file(target, progress, settle))
    }

    /// Stops the writing if it still runs, and deletes the snapshot. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.capture.close();
    }
}
