//! Small random profiles with much recursion, for proptest.

use proptest::prelude::*;
use rs_profiler_core::model::{CallFrame, CpuProfile, CpuProfileBuilder, LineTick, Sample};

/// The functions that random calls are of: two files of the app, packages, Node, native code, V8's own names.
pub fn function(number: usize) -> CallFrame<'static> {
    const FUNCTIONS: [(&str, &str, i32, i32); 9] = [
        ("a", "/srv/app.js", 3, 1),
        ("b", "/srv/app.js", 3, 20),
        ("", "/srv/lib.js", 4, 2),
        ("c", "/srv/node_modules/koa/index.js", 5, 3),
        ("d", "/srv/node_modules/@koa/router/index.js", 6, 3),
        ("emit", "node:events", 7, 400),
        ("write", "", 0, 0),
        ("(idle)", "", 0, 0),
        ("(garbage collector)", "", 0, 0),
    ];
    let (name, url, script_id, line) = FUNCTIONS[number % FUNCTIONS.len()];
    CallFrame {
        function_name: name.into(),
        url: url.into(),
        script_id,
        line,
        column: line,
        ..CallFrame::default()
    }
}

/// Up to `most` nodes below a root.
pub fn any_profile(most: usize) -> impl Strategy<Value = CpuProfile> {
    let line = (1..6_u32, 0..3_u32).prop_map(|(line, ticks)| LineTick { line, ticks });
    let node = (
        any::<prop::sample::Index>(),
        0..7_usize,
        0..4_u32,
        prop::collection::vec(line, 0..3),
        any::<bool>(),
    );
    let sample = (any::<prop::sample::Index>(), -5..60_i64);
    (
        prop::collection::vec(node, 0..most),
        prop::collection::vec(sample, 1..40),
        0..3_usize,
    )
        .prop_map(|(nodes, samples, metas)| {
            let mut builder = CpuProfileBuilder::new();
            let root = builder.open_node().unwrap();
            builder.fill_node(root, 1, &CallFrame::root(), 0, &[]).unwrap();
            let mut ids = vec![1];
            let mut places = vec![root];
            for (parent, frame, hits, ticks, deopt) in nodes {
                // Chains, mostly: half of the calls come from the last node.
                let parent = match deopt {
                    true => *places.last().unwrap(),
                    false => places[parent.index(places.len())],
                };
                let mut frame = function(frame);
                if deopt && hits == 3 {
                    frame.bailout_reason = "Optimized too many times".into();
                }
                let node = builder.open_node().unwrap();
                let id = places.len() as u32 * 3 + 1;
                // As V8 has it: at least as many hits as lines account for.
                let hits = hits + ticks.iter().map(|tick| tick.ticks).sum::<u32>();
                builder.fill_node(node, id, &frame, hits, &ticks).unwrap();
                builder.adopt(parent, node).unwrap();
                ids.push(id);
                places.push(node);
            }
            for (meta, number) in [7, 8].into_iter().take(metas).enumerate() {
                let node = builder.open_node().unwrap();
                let id = 1_000_000 + meta as u32;
                builder.fill_node(node, id, &function(number), 2, &[]).unwrap();
                builder.adopt(root, node).unwrap();
                ids.push(id);
            }
            let mut timestamp_us = 100;
            for (node, delta) in samples {
                timestamp_us += delta;
                builder.add_sample(Sample {
                    node_id: ids[node.index(ids.len())],
                    timestamp_us,
                });
            }
            builder.finish(90, timestamp_us.max(90) + 10).unwrap()
        })
}
