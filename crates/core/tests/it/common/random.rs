//! Random profiles: any shape, any ids, times that go back and forth.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, Index};
use rs_profiler_core::model::{
    Allocation, Bytes, CallFrame, Column, HeapSample, Line, LineTick, Micros, NodeId, Sample, SampleId, ScriptId,
};

use super::test_profile::{TestNode, TestProfile};

/// So many cases that the tests stay quick. What fails is printed, and becomes a test of its own; no file remembers it.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Some nodes and samples. The ids are V8's 1, 2, 3... or anything, some of them more than once.
pub fn profile() -> impl Strategy<Value = TestProfile> {
    let nodes = vec((node(), any::<Index>(), any::<Index>()), 1..200);
    // A small reach gives chains, a large one bushes.
    (nodes, any::<Index>(), any::<bool>()).prop_flat_map(|(places, reach, dense_ids)| {
        let reach = 1 + reach.index(places.len());
        let mut nodes: Vec<TestNode> = Vec::new();
        for (place, (mut node, parent, position)) in places.into_iter().enumerate() {
            if dense_ids {
                node.id = NodeId::new(place as u32 + 1);
            }
            nodes.push(node);
            if place > 0 {
                let siblings = &mut nodes[place - 1 - parent.index(reach.min(place))].children;
                siblings.insert(position.index(siblings.len() + 1), place);
            }
        }
        let heap_samples = heap_samples(nodes.iter().map(|node| node.id).collect());
        (Just(nodes.clone()), timeline(nodes), heap_samples).prop_map(|(nodes, (start, samples), heap_samples)| {
            TestProfile {
                nodes,
                samples,
                heap_samples,
                start_time: Micros::from_micros(start),
                end_time: Micros::from_micros(start + 1),
            }
        })
    })
}

fn timeline(nodes: Vec<TestNode>) -> impl Strategy<Value = (i64, Vec<Sample>)> {
    let spread = select(&[1_000_i64, 1 << 20, 1 << 34, 1 << 45][..]);
    (-(1_i64 << 49)..1 << 49, spread).prop_flat_map(move |(start, spread)| {
        let nodes = nodes.clone();
        let step = -spread / 4..spread - spread / 4;
        vec((any::<Index>(), step), 0..600).prop_map(move |steps| {
            let mut time = start;
            let sample = |(node, step): (Index, i64)| {
                time += step;
                Sample {
                    node_id: node.get(&nodes).id,
                    time: Micros::from_micros(time),
                }
            };
            (start, steps.into_iter().map(sample).collect())
        })
    })
}

/// Samples of these nodes, and of some that may not exist.
fn heap_samples(ids: Vec<NodeId>) -> impl Strategy<Value = Vec<HeapSample>> {
    let node_id = prop_oneof![9 => select(ids), 1 => any::<u32>().prop_map(NodeId::new)];
    let sample = (allocation(), node_id, any::<u64>()).prop_map(|(allocation, node_id, sample_id)| HeapSample {
        allocation,
        node_id,
        sample_id: SampleId::new(sample_id),
    });
    vec(sample, 0..40)
}

fn node() -> impl Strategy<Value = TestNode> {
    let id = (0..300_u32).prop_map(|id| NodeId::new(id * 14_000_000));
    (id, frame(), hits(), vec(allocation(), 0..4)).prop_map(|(id, frame, (hit_count, ticks), allocations)| TestNode {
        id,
        frame,
        hit_count,
        ticks,
        allocations,
        children: Vec::new(),
    })
}

fn hits() -> impl Strategy<Value = (u32, Vec<LineTick>)> {
    let line = prop_oneof![0..50, 0..1 << 22, any::<i32>()].prop_map(Line::from_one_based);
    let ticks = prop_oneof![1..4_u32, 1..300_u32];
    let ticks = vec((line, ticks).prop_map(|(line, ticks)| LineTick { line, ticks }), 0..4);
    (ticks, proptest::option::weighted(0.25, any::<u32>())).prop_map(|(ticks, hits)| {
        let sum = ticks.iter().map(|tick| tick.ticks).sum();
        (hits.unwrap_or(sum), ticks)
    })
}

fn frame() -> impl Strategy<Value = CallFrame<'static>> {
    const NAMES: &[&str] = &["", "main", "a\"b\\c\n", "höhe", "😀", "\u{0}\u{1f}\u{7f}\u{2028}"];
    const URLS: &[&str] = &["", "node:fs", "/srv/app.js", "/a b/#?%.js", "wasm://x"];
    const REASONS: &[&str] = &["", "", "no reason", "Optimization is always disabled"];
    (select(NAMES), select(URLS), select(REASONS), 0..2, -1..3, 0..2).prop_map(
        |(function_name, url, bailout_reason, script_id, line, column)| CallFrame {
            function_name: function_name.into(),
            url: url.into(),
            bailout_reason: bailout_reason.into(),
            script_id: ScriptId::new(script_id),
            line: Line::from_one_based(line),
            column: Column::from_one_based(column),
        },
    )
}

fn allocation() -> impl Strategy<Value = Allocation> {
    (0..1_u64 << 40, 0..1_000_u32).prop_map(|(size, count)| Allocation {
        size: Bytes::from_bytes(size),
        count,
    })
}
