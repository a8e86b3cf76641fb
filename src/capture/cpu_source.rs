//! V8's stopped profile, seen as the core's `CpuProfileSource`.

use std::borrow::Cow;
use std::ffi::CStr;

use rs_profiler_core::model::{CallFrame, CpuProfileSource, LineTick, Sample};

use crate::v8::{CpuProfileNode, CpuProfileView, Samples};

/// A borrowed view, as a source. Any thread.
pub struct V8Profile<'v> {
    view: &'v CpuProfileView,
    root: CpuProfileNode<'v>,
    samples: Samples<'v>,
}

impl<'v> V8Profile<'v> {
    /// `None` when the profile has no root, so nothing at all.
    pub(super) fn of(view: &'v CpuProfileView) -> Option<V8Profile<'v>> {
        Some(V8Profile {
            view,
            root: view.root()?,
            samples: view.samples(),
        })
    }
}

fn text(name: &CStr) -> Cow<'_, str> {
    name.to_string_lossy()
}

impl<'v> CpuProfileSource for V8Profile<'v> {
    type Node = CpuProfileNode<'v>;

    fn root(&self) -> CpuProfileNode<'v> {
        self.root
    }

    fn child_count(&self, node: CpuProfileNode<'v>) -> usize {
        node.children_count()
    }

    fn child(&self, node: CpuProfileNode<'v>, index: usize) -> Option<CpuProfileNode<'v>> {
        node.child(index)
    }

    fn node_id(&self, node: CpuProfileNode<'v>) -> u32 {
        node.node_id()
    }

    fn hit_count(&self, node: CpuProfileNode<'v>) -> u32 {
        node.hit_count()
    }

    fn frame(&self, node: CpuProfileNode<'v>) -> CallFrame<'_> {
        CallFrame {
            function_name: text(node.function_name()),
            url: text(node.script_name()),
            script_id: node.script_id(),
            line: node.line_number(),
            column: node.column_number(),
            bailout_reason: text(node.bailout_reason()),
        }
    }

    fn line_ticks(&self, node: CpuProfileNode<'v>, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        node.line_ticks(|line, hits| ticks.push(LineTick { line, ticks: hits }));
    }

    fn sample_count(&self) -> usize {
        self.samples.count()
    }

    fn sample(&self, index: usize) -> Sample {
        let (node, timestamp_us) = self
            .samples
            .get(index)
            .unwrap_or_else(|| (self.root, self.start_time_us()));
        Sample {
            node_id: node.node_id(),
            timestamp_us,
        }
    }

    fn start_time_us(&self) -> i64 {
        self.view.start_time_us()
    }

    fn end_time_us(&self) -> i64 {
        self.view.end_time_us()
    }
}
