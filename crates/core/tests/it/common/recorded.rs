//! A profile read back from the inspector's text, as V8 had it before the inspector converted it.

use std::collections::HashMap;

use rs_profiler_core::model::{CallFrame, CpuProfileSource, LineTick, Sample};
use serde_json::Value;

struct Node {
    id: u32,
    hit_count: u32,
    frame: CallFrame<'static>,
    ticks: Vec<LineTick>,
    children: Vec<usize>,
}

/// A recorded profile. Its nodes are in the order of the text.
pub struct RecordedProfile {
    nodes: Vec<Node>,
    samples: Vec<Sample>,
    start_time_us: i64,
    end_time_us: i64,
}

impl RecordedProfile {
    /// Reads the text of `Profiler.stop`.
    pub fn parse(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap();
        let places: HashMap<u64, usize> = array(&value["nodes"])
            .iter()
            .enumerate()
            .map(|(place, node)| (node["id"].as_u64().unwrap(), place))
            .collect();
        let start_time_us = value["startTime"].as_i64().unwrap();
        let mut timestamp_us = start_time_us;
        let samples = array(&value["samples"])
            .iter()
            .zip(array(&value["timeDeltas"]))
            .map(|(id, delta)| {
                timestamp_us += delta.as_i64().unwrap();
                Sample {
                    node_id: number(id),
                    timestamp_us,
                }
            })
            .collect();
        RecordedProfile {
            nodes: array(&value["nodes"])
                .iter()
                .map(|node| read_node(node, &places))
                .collect(),
            samples,
            start_time_us,
            end_time_us: value["endTime"].as_i64().unwrap(),
        }
    }
}

fn read_node(node: &Value, places: &HashMap<u64, usize>) -> Node {
    let frame = &node["callFrame"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one_based = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap() + 1;
    Node {
        id: number(&node["id"]),
        hit_count: number(&node["hitCount"]),
        frame: CallFrame {
            function_name: text(&frame["functionName"]).into(),
            url: path_of(frame["url"].as_str().unwrap()).into(),
            script_id: frame["scriptId"].as_str().unwrap().parse().unwrap(),
            line: one_based(&frame["lineNumber"]),
            column: one_based(&frame["columnNumber"]),
            bailout_reason: node.get("deoptReason").map_or(String::new(), text).into(),
        },
        ticks: node.get("positionTicks").map_or(Vec::new(), |ticks| {
            let read = |tick: &Value| LineTick {
                line: number(&tick["line"]),
                ticks: number(&tick["ticks"]),
            };
            array(ticks).iter().map(read).collect()
        }),
        children: node.get("children").map_or(Vec::new(), |ids| {
            array(ids).iter().map(|id| places[&id.as_u64().unwrap()]).collect()
        }),
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// The path behind a file URL; any other text itself.
fn path_of(url: &str) -> String {
    let Some(encoded) = url.strip_prefix("file://") else {
        return url.to_owned();
    };
    let mut bytes = encoded.bytes();
    let mut path = Vec::new();
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(path).unwrap()
}

impl CpuProfileSource for RecordedProfile {
    type Node = usize;

    fn root(&self) -> usize {
        0
    }

    fn child_count(&self, node: usize) -> usize {
        self.nodes[node].children.len()
    }

    fn child(&self, node: usize, index: usize) -> Option<usize> {
        self.nodes[node].children.get(index).copied()
    }

    fn node_id(&self, node: usize) -> u32 {
        self.nodes[node].id
    }

    fn hit_count(&self, node: usize) -> u32 {
        self.nodes[node].hit_count
    }

    fn frame(&self, node: usize) -> CallFrame<'_> {
        self.nodes[node].frame.clone()
    }

    fn line_ticks(&self, node: usize, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        ticks.extend_from_slice(&self.nodes[node].ticks);
    }

    fn sample_count(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> Sample {
        self.samples[index]
    }

    fn start_time_us(&self) -> i64 {
        self.start_time_us
    }

    fn end_time_us(&self) -> i64 {
        self.end_time_us
    }
}
