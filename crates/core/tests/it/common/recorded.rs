//! Profiles read back from the inspector's texts, as V8 had them before the inspector converted them.

use std::collections::HashMap;

use rs_profiler_core::model::{
    Allocation, Bytes, CallFrame, Column, HeapSample, Line, LineTick, Micros, NodeId, Sample, SampleId, ScriptId,
};
use serde_json::Value;

use super::test_profile::{TestNode, TestProfile};

impl TestProfile {
    /// Reads the text of `Profiler.stop`. The nodes stay in the order of the text.
    pub fn from_cpu_profile(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap();
        let places: HashMap<NodeId, usize> = array(&value["nodes"])
            .iter()
            .enumerate()
            .map(|(place, node)| (node_id(&node["id"]), place))
            .collect();
        let start_time = value["startTime"].as_i64().unwrap();
        let mut time = start_time;
        let samples = array(&value["samples"])
            .iter()
            .zip(array(&value["timeDeltas"]))
            .map(|(id, delta)| {
                time += delta.as_i64().unwrap();
                Sample {
                    node_id: node_id(id),
                    time: Micros::from_micros(time),
                }
            })
            .collect();
        TestProfile {
            nodes: array(&value["nodes"])
                .iter()
                .map(|node| cpu_node(node, &places))
                .collect(),
            samples,
            heap_samples: Vec::new(),
            start_time: Micros::from_micros(start_time),
            end_time: Micros::from_micros(value["endTime"].as_i64().unwrap()),
        }
    }

    /// Reads the text of `HeapProfiler.stopSampling`.
    pub fn from_heap_profile(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap();
        let mut nodes = Vec::new();
        add_heap_node(&value["head"], &mut nodes);
        let sample = |sample: &Value| HeapSample {
            allocation: Allocation {
                size: Bytes::from_bytes(sample["size"].as_u64().unwrap()),
                count: 1,
            },
            node_id: node_id(&sample["nodeId"]),
            sample_id: SampleId::new(sample["ordinal"].as_u64().unwrap()),
        };
        TestProfile {
            nodes,
            samples: Vec::new(),
            heap_samples: array(&value["samples"]).iter().map(sample).collect(),
            start_time: Micros::default(),
            end_time: Micros::default(),
        }
    }
}

fn cpu_node(node: &Value, places: &HashMap<NodeId, usize>) -> TestNode {
    let mut frame = frame_of(&node["callFrame"]);
    frame.url = path_of(&frame.url).into();
    frame.bailout_reason = node.get("deoptReason").map_or(String::new(), text).into();
    TestNode {
        id: node_id(&node["id"]),
        frame,
        hit_count: number(&node["hitCount"]),
        ticks: node.get("positionTicks").map_or(Vec::new(), |ticks| {
            let read = |tick: &Value| LineTick {
                line: Line::from_one_based(number(&tick["line"]).cast_signed()),
                ticks: number(&tick["ticks"]),
            };
            array(ticks).iter().map(read).collect()
        }),
        allocations: Vec::new(),
        children: node.get("children").map_or(Vec::new(), |ids| {
            array(ids).iter().map(|id| places[&node_id(id)]).collect()
        }),
    }
}

/// Adds a node and all below it. Returns its place.
fn add_heap_node(node: &Value, nodes: &mut Vec<TestNode>) -> usize {
    // The inspector tells the sum only: half of it, twice, and the odd byte.
    let size = node["selfSize"].as_u64().unwrap();
    let allocation = |size, count| Allocation {
        size: Bytes::from_bytes(size),
        count,
    };
    let place = nodes.len();
    nodes.push(TestNode {
        id: node_id(&node["id"]),
        frame: frame_of(&node["callFrame"]),
        hit_count: 0,
        ticks: Vec::new(),
        allocations: vec![allocation(size / 2, 2), allocation(size % 2, 1)],
        children: Vec::new(),
    });
    for child in array(&node["children"]) {
        let child = add_heap_node(child, nodes);
        nodes[place].children.push(child);
    }
    place
}

fn frame_of(frame: &Value) -> CallFrame<'static> {
    let one_based = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap() + 1;
    CallFrame {
        function_name: text(&frame["functionName"]).into(),
        url: text(&frame["url"]).into(),
        script_id: ScriptId::new(frame["scriptId"].as_str().unwrap().parse().unwrap()),
        line: Line::from_one_based(one_based(&frame["lineNumber"])),
        column: Column::from_one_based(one_based(&frame["columnNumber"])),
        ..CallFrame::default()
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn node_id(value: &Value) -> NodeId {
    NodeId::new(number(value))
}

/// The path behind a file URL; any other text itself.
fn path_of(url: &str) -> String {
    let Some(encoded) = url.strip_prefix("file://") else {
        return url.to_owned();
    };
    percent_encoding::percent_decode_str(encoded)
        .decode_utf8()
        .unwrap()
        .into_owned()
}
