//! `NativeHeapAnalysis`: a heap snapshot from a file, a text or a stream. Answers are JSON.

use std::fs::OpenOptions;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{Buffer, Env, Object, Result};
use napi_derive::napi;

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis};
use rs_profiler_core::format::compressed;
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions, Truncation};
use rs_profiler_core::format::heapsnapshot_redact::{Keep, KeepPattern, KeySalt, RedactOptions, Redactor};

use crate::error::Error;
use crate::feed::NativeFeed;
use crate::heap_rows::answer;
use crate::input::{error_of, Cancellable, Counted, Input};
use crate::task::{off_thread, parse_options, NativeTask, Phase, State};

/// Bytes that are redacted at once.
const PIECE: usize = 1 << 18;

/// A snapshot and how it was read.
pub struct Opened {
    pub analysis: HeapAnalysis,
    pub truncation: Option<Truncation>,
    pub text_length: u64,
}

#[napi]
#[derive(Clone)]
pub struct NativeHeapAnalysis {
    opened: Arc<Opened>,
}

fn open(source: impl Read + Send, length: u64, partial: bool, state: &State) -> rs_profiler_core::Result<Opened> {
    state.begin(Phase::Read, length);
    let progress = |progress: rs_profiler_core::format::heapsnapshot::Progress| state.reach(progress.source_bytes);
    let options = ReadOptions {
        progress: Some(&progress),
        cancel: Some(state.cancelled()),
        accept_truncated: partial,
        text_length: None,
    };
    let file = read(source, options)?;
    state.begin(Phase::Analyse, HeapAnalysis::PHASES);
    let timing = |_: &str, _: Duration| state.add_done();
    let options = AnalysisOptions {
        cancel: Some(state.cancelled()),
        timing: Some(&timing),
    };
    Ok(Opened {
        analysis: HeapAnalysis::new(file.graph, options)?,
        truncation: file.truncation,
        text_length: file.text_length,
    })
}

impl From<Opened> for NativeHeapAnalysis {
    fn from(opened: Opened) -> Self {
        NativeHeapAnalysis {
            opened: Arc::new(opened),
        }
    }
}

#[napi]
impl NativeHeapAnalysis {
    /// Reads a snapshot from a file, or else from a text; a promise of its analysis. `partial`: what is whole of a file that
    /// was cut off will do.
    #[napi(catch_unwind)]
    pub fn open<'env>(
        env: &'env Env,
        path: Option<String>,
        text: Option<Buffer>,
        partial: bool,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let input = Input::new(path, text, &task.state);
        let state = Arc::clone(&task.state);
        let work = move || input.read(|source, length| open(source, length, partial, &state));
        off_thread(env, work, NativeHeapAnalysis::from)
    }

    /// The same of what comes through a feed.
    #[napi(catch_unwind)]
    pub fn open_feed<'env>(
        env: &'env Env,
        feed: &NativeFeed,
        partial: bool,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let stream = feed.reader();
        let state = Arc::clone(&task.state);
        let work = move || {
            let source = Cancellable {
                stream,
                state: Arc::clone(&state),
            };
            open(source, 0, partial, &state).map_err(|error| error_of(error, &state))
        };
        off_thread(env, work, NativeHeapAnalysis::from)
    }

    /// A promise of the JSON that answers `question`; `options` is JSON as well. `base` is an earlier snapshot.
    #[napi(catch_unwind)]
    pub fn ask<'env>(
        &self,
        env: &'env Env,
        question: String,
        options: String,
        base: Option<&NativeHeapAnalysis>,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let opened = Arc::clone(&self.opened);
        let base = base.map(|base| Arc::clone(&base.opened));
        let state = Arc::clone(&task.state);
        let work = move || {
            let base = base.as_ref().map(|base| &base.analysis);
            let answer = answer(&opened, base, &question, &parse_options(&options)?, &state)?;
            state.check()?;
            Ok(answer.to_string())
        };
        off_thread(env, work, |json| json)
    }

    /// Fails with the reason when a regular expression cannot be one for what redaction keeps.
    #[napi(catch_unwind)]
    pub fn check_pattern(source: String, flags: String) -> Result<()> {
        KeepPattern::new(&source, &flags)
            .map(drop)
            .map_err(|error| refused(error).into())
    }

    /// Redacts a snapshot into the new file `output`, uncompressed; a promise of the JSON of a report. `options` is JSON of
    /// `{ keep: [{ source, flags }], salt }`.
    #[napi(catch_unwind)]
    pub fn redact<'env>(
        env: &'env Env,
        path: Option<String>,
        text: Option<Buffer>,
        output: String,
        options: String,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let input = Input::new(path, text, &task.state);
        let state = Arc::clone(&task.state);
        let work = move || {
            let options = redact_options(&parse_options(&options)?)?;
            let output = Path::new(&output);
            let file = OpenOptions::new()
                .write(true)
                .open(output)
                .map_err(|error| Error::io("open", output, error))?;
            let redacted = input.read(|source, length| {
                state.begin(Phase::Read, length);
                redact(Counted::new(source, &state), BufWriter::new(file), options)
            });
            state.check()?;
            redacted
        };
        off_thread(env, work, |report: serde_json::Value| report.to_string())
    }
}

fn refused(error: rs_profiler_core::Error) -> Error {
    Error::InvalidArgument(error.to_string())
}

fn redact_options(options: &serde_json::Value) -> crate::error::Result<RedactOptions> {
    let keep = options["keep"].as_array().map(Vec::as_slice).unwrap_or_default();
    let pattern = |pattern: &serde_json::Value| {
        let text = |key: &str| pattern[key].as_str().unwrap_or("");
        let pattern = KeepPattern::new(text("source"), text("flags")).map_err(refused)?;
        Ok(Box::new(pattern) as Box<dyn Keep>)
    };
    Ok(RedactOptions {
        keys: options["salt"].as_str().and_then(KeySalt::from_hex),
        keep: keep.iter().map(pattern).collect::<crate::error::Result<_>>()?,
    })
}

fn redact(source: impl Read, sink: impl Write, options: RedactOptions) -> rs_profiler_core::Result<serde_json::Value> {
    let failed = |source| rs_profiler_core::Error::Source { offset: 0, source };
    let mut source = compressed::open(source).map_err(failed)?;
    let mut redactor = Redactor::new(sink, options);
    let mut piece = vec![0; PIECE];
    loop {
        let length = source.read(&mut piece).map_err(failed)?;
        if length == 0 {
            break;
        }
        redactor
            .write_all(piece.get(..length).unwrap_or_default())
            .map_err(unwrapped)?;
    }
    let (mut sink, report) = redactor.finish().map_err(unwrapped)?;
    sink.flush().map_err(failed)?;
    Ok(serde_json::json!({
        "strings": report.strings, "blanked": report.blanked, "blankedUnits": report.blanked_units,
        "weakPairs": report.weak_pairs, "keys": report.keys, "indexes": report.indexes, "kept": report.kept,
    }))
}

/// The core's own error, which the redactor packs into an error of a stream.
fn unwrapped(error: std::io::Error) -> rs_profiler_core::Error {
    match error.downcast::<rs_profiler_core::Error>() {
        Ok(error) => error,
        Err(source) => rs_profiler_core::Error::Source { offset: 0, source },
    }
}
