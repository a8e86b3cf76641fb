//! V8's stopped profile, seen as the core's `CpuProfileSource`.

use std::borrow::Cow;
use std::ffi::CStr;

use rs_profiler_core::model::{CallFrame, CpuProfileSource, LineTick, Sample};

use crate::v8::CpuProfileView;

/// A view, as a source. Any thread.
#[derive(Clone)]
pub(super) struct V8Profile(pub CpuProfileView);

/// A node of V8's tree.
pub(super) type V8Node = crate::v8::CpuProfileNode;

fn text(name: &CStr) -> Cow<'_, str> {
    name.to_string_lossy()
}

impl CpuProfileSource for V8Profile {
    type Node = V8Node;

    fn root(&self) -> V8Node {
        self.0.root()
    }

    fn child_count(&self, node: V8Node) -> usize {
        self.0.children_count(node)
    }

    fn child(&self, node: V8Node, index: usize) -> V8Node {
        self.0.child(node, index)
    }

    fn node_id(&self, node: V8Node) -> u32 {
        self.0.node_id(node)
    }

    fn hit_count(&self, node: V8Node) -> u32 {
        self.0.hit_count(node)
    }

    fn frame(&self, node: V8Node) -> CallFrame<'_> {
        CallFrame {
            function_name: text(self.0.function_name(node)),
            url: text(self.0.script_name(node)),
            script_id: self.0.script_id(node),
            line: self.0.line_number(node),
            column: self.0.column_number(node),
            bailout_reason: text(self.0.bailout_reason(node)),
        }
    }

    fn line_ticks(&self, node: V8Node, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        self.0
            .line_ticks(node, |line, hits| ticks.push(LineTick { line, ticks: hits }));
    }

    fn sample_count(&self) -> usize {
        self.0.samples_count()
    }

    fn sample(&self, index: usize) -> Sample {
        let (node, timestamp_us) = self.0.sample(index);
        Sample {
            node_id: self.0.node_id(node),
            timestamp_us,
        }
    }

    fn start_time_us(&self) -> i64 {
        self.0.start_time_us()
    }

    fn end_time_us(&self) -> i64 {
        self.0.end_time_us()
    }
}
