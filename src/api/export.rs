//! `NativeExport`: a text on its way to JavaScript or to a file.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use super::options::{ReadOptions, WriteOptions};
use super::promise::promise;
use super::report::FileReport;
use crate::capture::Export;
use crate::error::Result as OurResult;
use crate::raw_napi::OwnMemory;
use crate::sink::{runtime, Report};

/// What tells a function of JavaScript, from any thread, how many bytes were written.
pub(super) fn byte_progress(on_bytes: Option<Function<'_, f64, ()>>) -> Result<impl Fn(u64) + Send + 'static> {
    let on_bytes = match on_bytes {
        Some(on_bytes) => Some(on_bytes.build_threadsafe_function().weak::<true>().build()?),
        None => None,
    };
    Ok(move |bytes: u64| {
        if let Some(on_bytes) = &on_bytes {
            on_bytes.call(bytes as f64, ThreadsafeFunctionCallMode::NonBlocking);
        }
    })
}

#[napi]
pub struct NativeExport {
    export: Export,
}

impl NativeExport {
    pub fn new(export: Export) -> Self {
        NativeExport { export }
    }
}

#[napi]
impl NativeExport {
    /// A promise of an array with the next chunk and those that wait behind it, or, `joined`, with the one that the next about
    /// twenty make; of null at the end. Chunks are ArrayBuffers.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env, options: ReadOptions) -> Result<Object<'env>> {
        let joined = options.joined;
        let stream = Arc::clone(self.export.stream()?);
        let finish = |chunks: OurResult<Option<Vec<Vec<u8>>>>| {
            chunks.map(|chunks| chunks.map(|chunks| chunks.into_iter().map(OwnMemory).collect::<Vec<_>>()))
        };
        promise(env, finish, |settle| {
            runtime()?.spawn(async move {
                let chunks = stream.next(joined).await;
                settle(chunks.map(|chunks| chunks.map(|chunks| if joined { vec![chunks.concat()] } else { chunks })));
            });
            Ok(())
        })
    }

    /// The next chunk as a string; null at the end. Waits for it.
    #[napi(catch_unwind)]
    pub fn next_text_sync(&self) -> Result<Option<String>> {
        let chunk = self.export.stream()?.next_blocking()?;
        // No chunk ends inside a character. What is no UTF-8 nevertheless is replaced, as Node does it for a Buffer.
        let text = |chunk| {
            String::from_utf8(chunk).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
        };
        Ok(chunk.map(text))
    }

    /// Writes all of it to a file; a promise of a report.
    #[napi(catch_unwind)]
    pub fn write_file<'env>(&self, env: &'env Env, options: WriteOptions<'_>) -> Result<Object<'env>> {
        let target = options.target.take()?;
        let progress = byte_progress(options.on_bytes)?;
        let finish = |written: OurResult<Report>| written.map(FileReport::from);
        promise(env, finish, |settle| self.export.write_file(target, progress, settle))
    }

    /// Stops the text if it still runs, and lets go of what it is made from. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.export.close();
    }
}
