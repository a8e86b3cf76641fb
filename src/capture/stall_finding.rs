//! What the profile of a stall says: the function that the time went into, and how it came to be called.

use rs_profiler_core::analyze::calls::CallAnalysis;
use rs_profiler_core::model::{CallFrame, CallTree, CpuProfileSource};

use super::cpu::ReadProfile;
use crate::error::{Error, Result};

/// Deeper stacks are cut: recursion.
const FRAMES: usize = 50;

/// A function, as frames name it.
#[derive(Debug, Clone)]
pub struct StalledFrame {
    pub function_name: String,
    pub url: String,
    /// 1-based, 0 when unknown.
    pub line: u32,
    pub column: u32,
}

/// The function with the most time of its own.
#[derive(Debug, Clone)]
pub struct StallFinding {
    /// Innermost first. The first is the function; empty when no JavaScript was seen.
    pub stack: Vec<StalledFrame>,
    pub self_us: u64,
    /// Of the function and all that it called.
    pub total_us: u64,
    pub samples: usize,
    pub duration_us: u64,
}

/// Reads the finding out of a profile.
pub(super) struct FindStalled;

impl ReadProfile for FindStalled {
    type Output = Result<StallFinding>;

    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        let tree = CallTree::of_cpu_profile(source).map_err(|error| Error::Internal(error.to_string()))?;
        let analysis = CallAnalysis::new(tree);
        let tree = analysis.tree();
        let mut finding = StallFinding {
            stack: Vec::new(),
            self_us: 0,
            total_us: 0,
            samples: source.sample_count(),
            duration_us: tree.duration_us(),
        };
        let rows = analysis.functions();
        let busiest = rows
            .iter()
            .filter(|row| !row.category.is_meta() && !row.self_weight.is_zero())
            .max_by_key(|row| row.self_weight.amount);
        let Some(row) = busiest else { return Ok(finding) };
        (finding.self_us, finding.total_us) = (row.self_weight.amount, row.total_weight.amount);
        let mut at = tree
            .nodes()
            .filter(|node| tree.function(*node) == row.function)
            .max_by_key(|node| tree.self_weight(*node).amount);
        while let Some(node) = at {
            at = tree.parent(node);
            if tree.meta(node).is_none() && finding.stack.len() < FRAMES {
                finding.stack.push(frame_of(&tree.frame(tree.function(node))));
            }
        }
        Ok(finding)
    }
}

fn frame_of(frame: &CallFrame<'_>) -> StalledFrame {
    StalledFrame {
        function_name: frame.function_name.to_string(),
        url: frame.url.to_string(),
        line: u32::try_from(frame.line).unwrap_or(0),
        column: u32::try_from(frame.column).unwrap_or(0),
    }
}
