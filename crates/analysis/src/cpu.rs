//! `NativeCpuAnalysis`: a CPU profile from a file or a text. Answers are JSON.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, Env, Object, Result};
use napi_derive::napi;

use rs_profiler_core::analyze::calls::CallAnalysis;
use rs_profiler_core::format::cpuprofile::{read, ReadOptions};
use rs_profiler_core::model::CallTree;

use crate::convert::{write_as, Profile};
use crate::cpu_rows::answer;
use crate::error::Error;
use crate::input::{error_of, Cancellable, Counted, Input};
use crate::task::{off_thread, parse_options, NativeTask, Phase};

/// Steps of the analysis, for the progress: the tree, and the sums of its functions.
const STEPS: u64 = 2;

#[napi]
#[derive(Clone)]
pub struct NativeCpuAnalysis {
    analysis: Arc<CallAnalysis>,
}

#[napi]
impl NativeCpuAnalysis {
    /// Reads a profile of any shape from a file, or else from a text; a promise of its analysis.
    #[napi(catch_unwind)]
    pub fn open<'env>(
        env: &'env Env,
        path: Option<String>,
        text: Option<Buffer>,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let input = Input::new(path, text, &task.state);
        let state = Arc::clone(&task.state);
        let work = move || {
            let profile = input
                .read_profile(|source| read(source, ReadOptions::default()))?
                .profile;
            state.check()?;
            state.begin(Phase::Analyse, STEPS);
            let tree = CallTree::of_cpu_profile(&profile).map_err(|error| error_of(error, &state))?;
            drop(profile);
            state.add_done();
            state.check()?;
            let analysis = CallAnalysis::new(tree);
            state.add_done();
            Ok(analysis)
        };
        off_thread(env, work, |analysis| NativeCpuAnalysis {
            analysis: Arc::new(analysis),
        })
    }

    /// A promise of the JSON that answers `question`; `options` is JSON as well. `base` is for comparisons.
    #[napi(catch_unwind)]
    pub fn ask<'env>(
        &self,
        env: &'env Env,
        question: String,
        options: String,
        base: Option<&NativeCpuAnalysis>,
        task: &NativeTask,
    ) -> Result<Object<'env>> {
        let state = Arc::clone(&task.state);
        let analysis = Arc::clone(&self.analysis);
        let base = base.map(|base| Arc::clone(&base.analysis));
        let work = move || {
            let answer = answer(&analysis, base.as_deref(), &question, &parse_options(&options)?)?;
            state.check()?;
            Ok(answer.to_string())
        };
        off_thread(env, work, |json| json)
    }

    /// Converts a CPU profile or a sampling heap profile into a new file `output`; a promise of the JSON of a report.
    #[napi(catch_unwind)]
    pub fn convert<'env>(
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
            let options = parse_options(&options)?;
            let profile = Profile::read(&input)?;
            state.check()?;
            state.begin(Phase::Write, 0);
            let output = Path::new(&output);
            let stream = OpenOptions::new()
                .write(true)
                .open(output)
                .map_err(|error| Error::io("open", output, error))?;
            let sink = Cancellable {
                stream: Counted::new(stream, &state),
                state: Arc::clone(&state),
            };
            let written = write_as(&profile, &options, output, sink);
            state.check()?;
            Ok(serde_json::json!({ "bytes": written?, "kind": profile.kind() }))
        };
        off_thread(env, work, |report| report.to_string())
    }
}
