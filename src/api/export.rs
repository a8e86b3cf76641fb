//! `NativeExport`: a text on its way to JavaScript or to a file.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use napi::bindgen_prelude::{ArrayBuffer, Buffer, Env, Function, Object, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use rs_profiler_core::format::cpuprofile::Written;

use super::pipeline::ProducedReport;
use crate::capture::Export;
use crate::error::Error;
use crate::sink::{runtime, task_failed, write_file, Produced};

/// What was written to a file. Counts are those of the format: nodes and edges of a snapshot, nodes and samples of a profile.
#[derive(Default)]
#[napi(object)]
pub struct FileReport {
    pub bytes: f64,
    pub nodes: Option<f64>,
    pub edges: Option<f64>,
    pub samples: Option<f64>,
}

/// What an export says of itself when it has ended.
#[derive(Clone)]
pub enum Contents {
    /// Nothing.
    Uncounted,
    Profile(Arc<OnceLock<Written>>),
    Snapshot(Arc<OnceLock<Produced>>),
}

impl Contents {
    fn report(&self, bytes: u64) -> FileReport {
        let mut report = FileReport {
            bytes: bytes as f64,
            ..FileReport::default()
        };
        match self {
            Contents::Uncounted => {}
            Contents::Profile(written) => {
                report.nodes = written.get().map(|written| written.nodes as f64);
                report.samples = written.get().map(|written| written.samples as f64);
            }
            Contents::Snapshot(produced) => {
                report.nodes = produced.get().map(|produced| produced.counts.nodes as f64);
                report.edges = produced.get().map(|produced| produced.counts.edges as f64);
            }
        }
        report
    }
}

#[napi]
pub struct NativeExport {
    export: Export,
    contents: Contents,
}

impl NativeExport {
    pub fn new(export: Export, contents: Contents) -> Self {
        NativeExport { export, contents }
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

    /// The size of the chunks to come, in bytes.
    #[napi(catch_unwind)]
    pub fn set_chunk_size(&self, bytes: u32) {
        self.export.stream().set_chunk_size(bytes as usize);
    }

    /// Lets the heap grow over its limit while the text is collected in it, until `close`: V8 would end the process.
    #[napi(catch_unwind)]
    pub fn raise_heap_limit(&self) -> Result<()> {
        Ok(self.export.environment().raise_heap_limit()?)
    }

    /// Whether the heap has reached its limit since `raiseHeapLimit`: the text has to be let go.
    #[napi(catch_unwind)]
    pub fn reached_heap_limit(&self) -> bool {
        self.export.environment().reached_heap_limit()
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
        path: String,
        progress: Option<Function<'_, f64, ()>>,
    ) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        let progress = match progress {
            Some(progress) => Some(progress.build_threadsafe_function().weak::<true>().build()?),
            None => None,
        };
        let stream = Arc::clone(self.export.stream());
        let contents = self.contents.clone();
        let task = runtime()?.spawn(async move {
            // A task of its own: tokio panics where the system gives no thread for files, and the promise must settle.
            let writing = tokio::spawn(write_file(stream, PathBuf::from(path), move |bytes| {
                if let Some(progress) = &progress {
                    progress.call(bytes as f64, ThreadsafeFunctionCallMode::NonBlocking);
                }
            }));
            let written = writing.await.unwrap_or_else(|error| Err(task_failed(error)));
            match written {
                Ok(bytes) => deferred.resolve(move |_| Ok(contents.report(bytes))),
                Err(error) => deferred.reject(error.into()),
            }
        });
        self.export.environment().adopt_task(task);
        Ok(promise)
    }

    /// What came out of a heap snapshot, when the export has ended well.
    #[napi(catch_unwind)]
    pub fn produced(&self) -> Option<ProducedReport> {
        match &self.contents {
            Contents::Snapshot(produced) => produced.get().copied().map(ProducedReport::from),
            _ => None,
        }
    }

    /// Stops the text if it still runs, and lets go of what it is made from. Repeatable.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.export.environment().lower_heap_limit();
        self.export.close();
    }
}
