//! `NativeExport`: a text on its way to JavaScript or to a file.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use super::promise::promise;
use super::target::NativeTarget;
use crate::capture::Export;
use crate::raw_napi::OwnMemory;
use crate::sink::{runtime, Report};

/// What was written to a file. Counts are those of the format: nodes and edges of a snapshot, nodes and samples of a profile.
#[napi(object)]
pub struct FileReport {
    pub bytes: f64,
    pub nodes: Option<f64>,
    pub edges: Option<f64>,
    pub samples: Option<f64>,
}

impl From<Report> for FileReport {
    fn from(Report { bytes, counts }: Report) -> Self {
        FileReport {
            bytes: bytes as f64,
            nodes: counts.nodes.map(|nodes| nodes as f64),
            edges: counts.edges.map(|edges| edges as f64),
            samples: counts.samples.map(|samples| samples as f64),
        }
    }
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
    pub fn next<'env>(&self, env: &'env Env, joined: bool) -> Result<Object<'env>> {
        let stream = Arc::clone(self.export.stream()?);
        // A promise is made when nothing can fail any more: one that never settles would keep the process alive.
        let runtime = runtime()?;
        let (deferred, promise) = env.create_deferred()?;
        runtime.spawn(async move {
            match stream.next(joined).await {
                Ok(chunks) => {
                    let chunks = chunks.map(|chunks| if joined { vec![chunks.concat()] } else { chunks });
                    deferred.resolve(move |_| {
                        Ok(chunks.map(|chunks| chunks.into_iter().map(OwnMemory).collect::<Vec<_>>()))
                    });
                }
                Err(error) => deferred.reject(error.into()),
            }
        });
        Ok(promise)
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

    /// Writes all of it to a file; a promise of a report. `progress` is called with the bytes written so far.
    #[napi(catch_unwind)]
    pub fn write_file<'env>(
        &self,
        env: &'env Env,
        target: &NativeTarget,
        progress: Option<Function<'_, f64, ()>>,
    ) -> Result<Object<'env>> {
        let target = target.take()?;
        let progress = match progress {
            Some(progress) => Some(progress.build_threadsafe_function().weak::<true>().build()?),
            None => None,
        };
        let report_progress = move |bytes: u64| {
            if let Some(progress) = &progress {
                progress.call(bytes as f64, ThreadsafeFunctionCallMode::NonBlocking);
            }
        };
        promise(env, FileReport::from, |settle| {
            self.export.write_file(target, report_progress, settle)
        })
    }

    /// Stops the text if it still runs, and lets go of what it is made from. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.export.close();
    }
}
