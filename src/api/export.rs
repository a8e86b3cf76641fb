//! `NativeExport`: a text on its way to JavaScript or to a file.

use std::sync::{Arc, OnceLock};

use napi::bindgen_prelude::{ArrayBuffer, Buffer, Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use rs_profiler_core::format::cpuprofile::Written;

use super::target::NativeTarget;
use crate::capture::Export;
use crate::error::Error;
use crate::sink::{runtime, write_file};

/// What was written to a file. Counts are those of the format: nodes and edges of a snapshot, nodes and samples of a profile.
#[napi(object)]
pub struct FileReport {
    pub bytes: f64,
    pub nodes: Option<f64>,
    pub edges: Option<f64>,
    pub samples: Option<f64>,
}

#[napi]
pub struct NativeExport {
    export: Export,
    written: Option<Arc<OnceLock<Written>>>,
}

impl NativeExport {
    pub fn new(export: Export, written: Option<Arc<OnceLock<Written>>>) -> Self {
        NativeExport { export, written }
    }
}

#[napi]
impl NativeExport {
    /// A promise of the next chunk; of null at the end.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let stream = Arc::clone(self.export.stream());
        runtime()?.spawn(async move {
            match stream.next().await {
                Ok(chunk) => deferred.resolve(move |_| Ok(chunk.map(Buffer::from))),
                Err(error) => deferred.reject(error.into()),
            }
        });
        Ok(promise)
    }

    /// Frees the memory of a chunk that nobody looks at any more, without waiting for the garbage collector.
    #[napi(catch_unwind)]
    pub fn release(&self, memory: ArrayBuffer<'_>) -> Result<()> {
        memory.detach()
    }

    /// The next chunk of a text in ASCII, as a heap snapshot is, as a string; null at the end. Waits for it. Not a buffer: Node
    /// frees the memory of one in a later turn of the event loop, and a caller that waits may read all in one turn.
    #[napi(catch_unwind)]
    pub fn next_text_sync(&self) -> Result<Option<String>> {
        let chunk = self.export.stream().next_blocking()?;
        let text = |chunk| String::from_utf8(chunk).map_err(|error| Error::Internal(error.to_string()));
        Ok(chunk.map(text).transpose()?)
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
        let (deferred, promise) = env.create_deferred()?;
        let progress = match progress {
            Some(progress) => Some(progress.build_threadsafe_function().weak::<true>().build()?),
            None => None,
        };
        let stream = Arc::clone(self.export.stream());
        let written = self.written.clone();
        let task = runtime()?.spawn(async move {
            let report = write_file(stream, target, |bytes| {
                if let Some(progress) = &progress {
                    progress.call(bytes as f64, ThreadsafeFunctionCallMode::NonBlocking);
                }
            })
            .await;
            match report {
                Ok(report) => {
                    let counts = report.counts;
                    let written = written.and_then(|written| written.get().copied());
                    let nodes = counts
                        .map(|counts| counts.nodes)
                        .or(written.map(|written| written.nodes));
                    deferred.resolve(move |_| {
                        Ok(FileReport {
                            bytes: report.bytes as f64,
                            nodes: nodes.map(|nodes| nodes as f64),
                            edges: counts.map(|counts| counts.edges as f64),
                            samples: written.map(|written| written.samples as f64),
                        })
                    });
                }
                Err(error) => deferred.reject(error.into()),
            }
        });
        self.export.environment().adopt_task(task);
        Ok(promise)
    }

    /// Stops the text if it still runs, and lets go of what it is made from. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.export.close();
    }
}
