//! Filling a call tree in preorder.

use super::call_tree::{CallTree, Units};
use super::count::as_u32;
use super::frame_table::FrameTableBuilder;
use super::string_table::StringTableBuilder;
use super::{CallFrame, LineTick, Weight};
use crate::Result;

/// A tree being filled: nodes are entered and left as in a walk.
#[derive(Debug, Default)]
pub(super) struct CallTreeBuilder {
    parents: Vec<u32>,
    ends: Vec<u32>,
    functions: Vec<u32>,
    reasons: Vec<u32>,
    self_weights: Vec<Weight>,
    tick_starts: Vec<u32>,
    ticks: Vec<LineTick>,
    function_table: FrameTableBuilder,
    reason_table: StringTableBuilder,
    open: Vec<u32>,
}

impl CallTreeBuilder {
    /// Enters a node below the innermost one that was not left. Returns its number.
    pub(super) fn enter(&mut self, frame: &CallFrame<'_>, ticks: &[LineTick]) -> Result<u32> {
        let number = as_u32(self.parents.len(), "nodes")?;
        as_u32(self.parents.len() + 1, "nodes")?;
        self.parents.push(self.open.last().copied().unwrap_or(0));
        self.ends.push(number + 1);
        self.open.push(number);
        let function = CallFrame {
            function_name: (&*frame.function_name).into(),
            url: (&*frame.url).into(),
            // One file may be many scripts. What has no file has nothing but its script.
            script_id: if frame.url.is_empty() { frame.script_id } else { 0 },
            line: frame.line,
            column: frame.column,
            bailout_reason: "".into(),
        };
        self.functions.push(self.function_table.intern(&function)?);
        self.reasons.push(self.reason_table.intern(&frame.bailout_reason)?);
        self.self_weights.push(Weight::ZERO);
        self.tick_starts.push(as_u32(self.ticks.len(), "line hits")?);
        self.ticks.extend_from_slice(ticks);
        as_u32(self.ticks.len(), "line hits")?;
        Ok(number)
    }

    /// Leaves the innermost node.
    pub(super) fn leave(&mut self) {
        if let Some(node) = self.open.pop() {
            self.ends[node as usize] = self.parents.len() as u32;
        }
    }

    /// What the nodes have themselves, to be filled in.
    pub(super) fn self_weights(&mut self) -> &mut [Weight] {
        &mut self.self_weights
    }

    /// The finished tree.
    pub(super) fn finish(mut self, units: Units, duration_us: u64, unsampled_us: u64) -> CallTree {
        let mut totals = self.self_weights.clone();
        for node in (1..totals.len()).rev() {
            let total = totals[node];
            totals[self.parents[node] as usize] += total;
        }
        self.tick_starts.push(self.ticks.len() as u32);
        CallTree {
            units,
            duration_us,
            unsampled_us,
            parents: self.parents.into(),
            ends: self.ends.into(),
            function_numbers: self.functions.into(),
            reason_numbers: self.reasons.into(),
            self_weights: self.self_weights.into(),
            total_weights: totals.into(),
            tick_starts: self.tick_starts.into(),
            ticks: self.ticks.into(),
            function_table: self.function_table.finish(),
            reasons: self.reason_table.finish(),
        }
    }
}
