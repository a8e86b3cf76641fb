//! The sampling heap profiler, which V8 has once per isolate.

use std::cell::Cell;
use std::collections::HashSet;
use std::num::NonZeroU64;
use std::rc::Rc;

use rs_profiler_core::model::{
    Allocation, CallFrame, HeapNodeIndex, HeapSample, SamplingHeapProfile, SamplingHeapProfileBuilder,
};

use super::export::{Begun, Export};
use super::lifecycle::{Ends, Lifecycle, Phase};
use crate::error::{Error, Result};
use crate::sink::Produce;
use crate::v8::{AllocationNode, AllocationProfile, Isolate};

/// How to sample.
#[derive(Debug, Clone, Copy)]
pub struct SamplingOptions {
    /// Mean distance of samples in bytes, above 0.
    pub interval_bytes: u64,
    /// Frames kept of each stack.
    pub stack_depth: i32,
    /// Whether a profile of this environment that runs already is in the way.
    pub exclusive: bool,
}

/// The sampling heap profiler of one environment.
pub struct Sampling {
    life: Rc<Lifecycle>,
    running: Cell<bool>,
}

impl Sampling {
    pub(super) fn new(life: &Rc<Lifecycle>) -> Rc<Sampling> {
        let sampling = Rc::new(Sampling {
            life: Rc::clone(life),
            running: Cell::new(false),
        });
        life.register(Phase::Sampling, &sampling);
        sampling
    }

    /// Starts. When this environment's profiler runs already, nothing happens, as in v8-profiler-next. V8 is asked whether it
    /// runs: an inspector may have stopped it.
    pub fn start(&self, options: SamplingOptions) -> Result<()> {
        let isolate = self.life.isolate()?;
        let Some(interval_bytes) = NonZeroU64::new(options.interval_bytes) else {
            return Err(Error::InvalidArgument(
                "The sampling interval must be at least 1 byte.".into(),
            ));
        };
        if isolate.start_sampling_heap_profiler(interval_bytes, options.stack_depth) {
            self.running.set(true);
            return Ok(());
        }
        match (self.running.get(), options.exclusive) {
            (true, false) => Ok(()),
            (true, true) => Err(Error::Busy(
                "A sampling heap profile is running already, and V8 has only one; stop it first.",
            )),
            (false, _) => Err(Error::Busy(
                "Another user of V8's sampling heap profiler is running in this thread, and V8 has only one: stop that one first.",
            )),
        }
    }

    /// Stops and returns the profile.
    pub fn stop(&self) -> Result<SamplingHeapProfile> {
        let isolate = self.life.isolate()?;
        if !self.running.get() {
            return Err(Error::NotRunning(
                "No sampling heap profile is running; call startSamplingHeapProfiling() first.",
            ));
        }
        let copy = AllocationProfile::lend(isolate, copy_profile);
        isolate.stop_sampling_heap_profiler();
        self.running.set(false);
        let copy = copy.ok_or(Error::NotRunning(
            "V8's sampling heap profiler was stopped by somebody else in this thread; its samples are lost.",
        ))?;
        copy.map_err(|error| Error::Internal(error.to_string()))
    }

    /// Makes ready to write a profile, which `produce` owns, in chunks of `chunk_size` bytes.
    pub fn export(&self, chunk_size: usize, produce: Produce) -> Export {
        let begin = move || Ok(Begun { produce, here: false });
        Export::new(&self.life, chunk_size, Box::new(begin), Box::new(()))
    }
}

impl Ends for Sampling {
    fn end(&self, isolate: Isolate) {
        if self.running.replace(false) {
            isolate.stop_sampling_heap_profiler();
        }
    }
}

impl Drop for Sampling {
    fn drop(&mut self) {
        if let Ok(isolate) = self.life.isolate() {
            self.end(isolate);
        }
    }
}

/// Takes all that is wanted out of V8's profile, which is readable only until the running callback returns.
fn copy_profile(profile: &AllocationProfile) -> rs_profiler_core::Result<SamplingHeapProfile> {
    let mut builder = SamplingHeapProfile::builder();
    let Some(root) = profile.root() else {
        return Ok(SamplingHeapProfile::default());
    };
    let mut allocations = Vec::new();
    let mut ids = HashSet::new();
    let mut add =
        |parent: Option<HeapNodeIndex>, node: AllocationNode<'_>, builder: &mut SamplingHeapProfileBuilder| {
            let info = node.info();
            ids.insert(info.node_id);
            let frame = CallFrame {
                function_name: node.name().into(),
                url: node.script_name().into(),
                script_id: info.script_id,
                line: info.line,
                column: info.column,
                ..CallFrame::default()
            };
            allocations.clear();
            allocations.extend(node.allocations().map(|(size, count)| Allocation {
                size: size as u64,
                count,
            }));
            match parent {
                None => builder.add_root(info.node_id, &frame, &allocations),
                Some(parent) => builder.add_node(parent, info.node_id, &frame, &allocations),
            }
        };
    let mut open = vec![(add(None, root, &mut builder)?, root)];
    while let Some((index, node)) = open.pop() {
        for child in node.children() {
            open.push((add(Some(index), child, &mut builder)?, child));
        }
    }
    // V8 lists the samples after it has made the tree, and making it allocates: the last samples may name a node too new to be
    // in the tree.
    for sample in profile
        .samples()
        .into_iter()
        .filter(|sample| ids.contains(&sample.node_id))
    {
        builder.add_sample(HeapSample {
            size: sample.size as u64,
            count: sample.count,
            node_id: sample.node_id,
            sample_id: sample.sample_id,
        });
    }
    Ok(builder.finish())
}
