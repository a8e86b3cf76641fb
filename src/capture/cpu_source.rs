//! V8's stopped profile, seen as the core's `CpuProfileSource`.

use std::borrow::Cow;
use std::ffi::CStr;

use rs_profiler_core::model::{
    CallFrame, CallTree, ChildIndex, Column, CpuProfileSource, Line, LineTick, Micros, NodeId, Sample, SampleIndex,
    ScriptId,
};

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

impl<'v> CallTree for V8Profile<'v> {
    type Node = CpuProfileNode<'v>;

    fn root(&self) -> Option<CpuProfileNode<'v>> {
        Some(self.root)
    }

    fn child_count(&self, node: CpuProfileNode<'v>) -> usize {
        node.children_count()
    }

    fn child(&self, node: CpuProfileNode<'v>, index: ChildIndex) -> Option<CpuProfileNode<'v>> {
        node.child(index.get())
    }

    fn node_id(&self, node: CpuProfileNode<'v>) -> NodeId {
        NodeId::new(node.node_id())
    }

    fn frame(&self, node: CpuProfileNode<'v>) -> CallFrame<'_> {
        CallFrame {
            function_name: text(node.function_name()),
            url: text(node.script_name()),
            script_id: ScriptId::new(node.script_id()),
            line: Line::from_one_based(node.line_number()),
            column: Column::from_one_based(node.column_number()),
            bailout_reason: text(node.bailout_reason()),
        }
    }
}

impl<'v> CpuProfileSource for V8Profile<'v> {
    fn hit_count(&self, node: CpuProfileNode<'v>) -> u32 {
        node.hit_count()
    }

    fn line_ticks(&self, node: CpuProfileNode<'v>, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        node.line_ticks(|line, hits| {
            ticks.push(LineTick {
                line: Line::from_one_based(line),
                ticks: hits,
            });
        });
    }

    fn sample_count(&self) -> usize {
        self.samples.count()
    }

    fn sample(&self, index: SampleIndex) -> Sample {
        let (node, time_us) = self
            .samples
            .get(index.get())
            .unwrap_or_else(|| (self.root, self.view.start_time_us()));
        Sample {
            node_id: NodeId::new(node.node_id()),
            time: Micros::from_micros(time_us),
        }
    }

    fn start_time(&self) -> Micros {
        Micros::from_micros(self.view.start_time_us())
    }

    fn end_time(&self) -> Micros {
        Micros::from_micros(self.view.end_time_us())
    }
}
