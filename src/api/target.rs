//! `NativeTarget`: a file that was opened before there is something to write to it.

use std::cell::Cell;
use std::path::Path;

use napi::bindgen_prelude::Result;
use napi_derive::napi;

use crate::error::Error;
use crate::sink::Target;

/// Collected or closed before it was written, it leaves nothing behind.
#[napi]
pub struct NativeTarget {
    target: Cell<Option<Target>>,
}

impl NativeTarget {
    pub(super) fn open(path: &[u8]) -> Result<Self> {
        let target = Cell::new(Some(with_path(path, Target::open)?));
        Ok(NativeTarget { target })
    }

    /// The open file, for the one who writes it.
    pub(super) fn take(&self) -> Result<Target> {
        let closed = || Error::Internal("the file was closed before it was written".into());
        Ok(self.target.take().ok_or_else(closed)?)
    }
}

#[napi]
impl NativeTarget {
    /// Gives the file up, unless somebody writes it. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        drop(self.target.take());
    }
}

#[cfg(unix)]
pub(super) fn with_path<T>(bytes: &[u8], use_it: impl FnOnce(&Path) -> T) -> T {
    use std::os::unix::ffi::OsStrExt;
    use_it(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
pub(super) fn with_path<T>(bytes: &[u8], use_it: impl FnOnce(&Path) -> T) -> T {
    use_it(Path::new(String::from_utf8_lossy(bytes).as_ref()))
}
