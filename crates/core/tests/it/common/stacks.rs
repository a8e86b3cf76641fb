//! Stacks of a profile, spelled out one by one: what trees and tables are checked against.

use std::collections::HashMap;

use rs_profiler_core::model::{CallFrame, CpuProfileSource, Weight};

/// One node's stack, outermost frame first and without the root, and what the node has itself.
pub struct PlainStack {
    pub frames: Vec<CallFrame<'static>>,
    pub weight: Weight,
}

/// The stacks of all nodes but the root. Times by the definition: for each sample, look for the next one.
pub fn plain_stacks<S: CpuProfileSource>(source: &S) -> Vec<PlainStack> {
    let mut stacks = Vec::new();
    let mut by_id = HashMap::new();
    let mut open = vec![(source.root(), Vec::new())];
    while let Some((node, frames)) = open.pop() {
        by_id.insert(source.node_id(node), stacks.len());
        stacks.push(PlainStack {
            frames: frames.clone(),
            weight: Weight {
                count: u64::from(source.hit_count(node)),
                amount: 0,
            },
        });
        for index in (0..source.child_count(node)).rev() {
            let child = source.child(node, index);
            let mut frames = frames.clone();
            frames.push(source.frame(child).into_owned());
            open.push((child, frames));
        }
    }
    let mut samples: Vec<_> = (0..source.sample_count()).map(|index| source.sample(index)).collect();
    samples.sort_by_key(|sample| sample.timestamp_us);
    for (index, sample) in samples.iter().enumerate() {
        let next = samples
            .get(index + 1)
            .map_or(source.end_time_us(), |next| next.timestamp_us);
        stacks[by_id[&sample.node_id]].weight.amount += (next - sample.timestamp_us).max(0) as u64;
    }
    stacks.remove(0);
    stacks
}
