//! Naive definitions of distances, comparisons and equal strings, and the test that the clever algorithms say the same on random
//! graphs.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use proptest::prelude::*;

use super::known::Known;
use super::testing::random_graph;
use super::{roots, AnalysisOptions, HeapAnalysis, MatchedBy};
use crate::model::heap::*;

fn analysed(graph: &HeapGraph) -> HeapAnalysis {
    HeapAnalysis::new(graph.clone(), AnalysisOptions::default()).unwrap()
}

/// Distances as they are written down: breadth first in the order of the file, from the user roots, then from the root.
fn distances(graph: &HeapGraph) -> Vec<i32> {
    let mut found = vec![-5; graph.node_count() as usize];
    let mut pairs: HashSet<String> = HashSet::new();
    let mut queue: VecDeque<NodeIndex> = VecDeque::new();
    for node in roots::user_roots(graph, &Known::find(graph)) {
        if found[node.at()] == -5 {
            found[node.at()] = 1;
            queue.push_back(node);
        }
    }
    let starts = [None, Some(if queue.is_empty() { 0 } else { 100_000_000 })];
    for start in starts {
        if let Some(distance) = start {
            found[0] = distance;
            queue.push_back(NodeIndex(0));
        }
        while let Some(node) = queue.pop_front() {
            for edge in graph.edges(node) {
                if edge.kind == EdgeKind::Weak || found[edge.to.at()] != -5 {
                    continue;
                }
                let name = graph.edge_name(&edge).into_owned();
                if edge.kind == EdgeKind::Internal && name.contains(" pair in WeakMap ") {
                    // The value comes after both key and table: the first edge of a pair is passed over.
                    let pair = name.trim_start_matches(|digit: char| digit.is_ascii_digit());
                    if !pairs.remove(pair) {
                        pairs.insert(pair.to_owned());
                        continue;
                    }
                }
                found[edge.to.at()] = found[node.at()] + 1;
                queue.push_back(edge.to);
            }
        }
    }
    found
}

/// What a node of a made graph is: id, name, size, and the nodes of its two halves if it is a concatenated string.
struct Made {
    id: u32,
    kind: NodeKind,
    name: String,
    size: u64,
    halves: Option<[u32; 2]>,
}

/// A graph of a root and `nodes`, in which nothing leads to anything but to halves.
fn made(nodes: &[Made]) -> HeapGraph {
    let (mut builder, mut strings) = (HeapGraphBuilder::default(), HeapStrings::default());
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut number = |text: &str| {
        *numbers.entry(text.to_owned()).or_insert_with(|| {
            strings.push(text.as_bytes());
            strings.len() as u32 - 1
        })
    };
    let names = [number("first"), number("second")];
    let mut push = |kind, name, id, self_size, edge_count| {
        let detachedness = Detachedness::Unknown;
        let record = NodeRecord {
            kind,
            name,
            id,
            self_size,
            edge_count,
            detachedness,
        };
        builder.push_node(record).unwrap();
    };
    push(NodeKind::SYNTHETIC, number(""), 1, 0, 0);
    for node in nodes {
        let edges = if node.halves.is_some() { 2 } else { 0 };
        push(node.kind, number(&node.name), node.id, node.size, edges);
    }
    for halves in nodes.iter().filter_map(|node| node.halves) {
        for (name, half) in names.into_iter().zip(halves) {
            builder.push_edge(EdgeKind::Internal, name, half).unwrap();
        }
    }
    builder.finish(strings, false).unwrap()
}

/// The text of a node by its number in the graph: leaves from left to right, until it is long enough.
fn append(nodes: &[Made], node: u32, text: &mut String) {
    if text.encode_utf16().count() >= 1024 {
        return;
    }
    let made = &nodes[node as usize - 1];
    match made.halves {
        Some(halves) => halves.into_iter().for_each(|half| append(nodes, half, text)),
        None => text.push_str(&made.name),
    }
}

fn equal_strings(nodes: &[Made]) -> BTreeMap<String, BTreeSet<u32>> {
    let is_empty = |half: &u32| nodes[*half as usize - 1].name.is_empty();
    let mut found: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for (node, made) in (1..).zip(nodes) {
        if made.size > 0 && !made.halves.iter().flatten().any(is_empty) {
            let mut text = String::new();
            append(nodes, node, &mut text);
            found.entry(text).or_default().insert(node);
        }
    }
    found.retain(|_, nodes| nodes.len() > 1);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn distances_are_steps_from_the_roots(seed: u64, nodes in 1u32..40, edges in 0u32..120) {
        let graph = random_graph(seed, nodes, edges);
        let analysis = analysed(&graph);
        let found: Vec<i32> = graph.nodes().map(|node| analysis.distance(node)).collect();
        prop_assert_eq!(found, distances(&graph));
    }

    #[test]
    fn a_comparison_is_a_difference_of_sets(objects in proptest::collection::vec((0usize..4, 0u64..3, 0u64..3, 0u8..4), 1..60)) {
        // Each object has its size in the base and in the later snapshot, and may be missing in one of them.
        let names = ["A", "B", "C", "D"];
        let snapshot = |missing: u8, size: fn(&(usize, u64, u64, u8)) -> u64| -> Vec<Made> {
            let there = (0..).zip(&objects).filter(|(_, object)| object.3 != missing);
            there.map(|(at, object)| Made {
                id: 2 * at + 3, kind: NodeKind::OBJECT, name: names[object.0].into(), size: size(object), halves: None,
            }).collect()
        };
        let (before, after) = (snapshot(1, |object| object.1), snapshot(2, |object| object.2));
        let comparison = analysed(&made(&after)).compare(&analysed(&made(&before)));
        prop_assume!(comparison.matched_by == MatchedBy::Id);
        let of = |nodes: &[Made], name: &str| -> BTreeMap<u32, u64> {
            let counted = nodes.iter().filter(|node| node.name == name && node.size > 0);
            counted.map(|node| (node.id, node.size)).collect()
        };
        let only = |these: &BTreeMap<u32, u64>, those: &BTreeMap<u32, u64>| {
            let sizes = these.iter().filter(|(id, _)| !those.contains_key(id)).map(|(_, size)| size);
            (sizes.clone().count() as u64, sizes.sum::<u64>())
        };
        for name in names {
            let (old, new) = (of(&before, name), of(&after, name));
            let row = comparison.rows.iter().find(|row| row.name == name);
            let found = row.map_or(((0, 0), (0, 0)), |row| ((row.added, row.added_size), (row.removed, row.removed_size)));
            prop_assert_eq!(found, (only(&new, &old), only(&old, &new)), "{}", name);
        }
    }

    #[test]
    fn equal_strings_have_one_text(strings in proptest::collection::vec((any::<[u16; 2]>(), 0u64..4, 0usize..12), 1..40)) {
        let texts = ["", "a", "b", "ab", "ba", "\u{1F600}"].map(String::from);
        let long = ["x".repeat(600), "y\u{e9}".repeat(500), "z".repeat(1024)];
        let texts = [texts.as_slice(), long.as_slice()].concat();
        let mut nodes: Vec<Made> = Vec::new();
        for (at, (halves, size, text)) in (0u32..).zip(&strings) {
            // Halves are strings that were there before.
            let concatenated = at > 0 && *text >= texts.len();
            nodes.push(Made {
                id: 2 * at + 3,
                kind: if concatenated { NodeKind::CONS_STRING } else { NodeKind::STRING },
                name: if concatenated { "(concatenated string)".into() } else { texts[text % texts.len()].clone() },
                size: *size,
                halves: concatenated.then(|| halves.map(|half| u32::from(half) % at + 1)),
            });
        }
        let rows = analysed(&made(&nodes)).duplicated_strings().into_iter();
        let found: BTreeMap<String, BTreeSet<u32>> = rows.map(|row| (row.text, row.nodes.into_iter().map(|node| node.0).collect())).collect();
        prop_assert_eq!(found, equal_strings(&nodes));
    }
}
