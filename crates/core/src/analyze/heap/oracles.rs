//! Naive definitions, and the test that the clever algorithms say the same on random graphs.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::known::Known;
use super::testing::random_graph;
use super::{roots, AnalysisOptions, HeapAnalysis};
use crate::model::heap::{EdgeKind, HeapGraph, NodeIndex, NodeKind};

type Nodes = BTreeSet<u32>;

/// Everything that `starts` reach over edges that `follow` allows, without stepping on `removed`.
fn reach(graph: &HeapGraph, starts: &Nodes, removed: Option<u32>, follow: &dyn Fn(u32, u32, usize) -> bool) -> Nodes {
    let mut reached: Nodes = starts.iter().copied().filter(|&node| Some(node) != removed).collect();
    loop {
        let before = reached.len();
        for from in reached.clone() {
            for (index, edge) in graph.edges_of(from as usize).iter().enumerate() {
                if Some(edge.to) != removed && follow(from, edge.to, index) {
                    reached.insert(edge.to);
                }
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The rules of essential edges, as they are written down.
struct Rules<'a> {
    graph: &'a HeapGraph,
    page: Nodes,
    /// Nodes that only hold each other: what they hold beside is not held by them.
    left_over: Nodes,
}

impl<'a> Rules<'a> {
    fn new(graph: &'a HeapGraph) -> Self {
        let known = Known::find(graph);
        let roots = roots::page_roots(graph, &known)
            .into_iter()
            .map(|node| node.0)
            .collect();
        let not_weak = |from: u32, _: u32, index: usize| !graph.edges_of(from as usize)[index].is_weak();
        let page = reach(graph, &roots, None, &not_weak);
        let mut rules = Rules {
            graph,
            page,
            left_over: Nodes::new(),
        };
        let follow = |from, to, index| rules.essential(from, to, index);
        let reached = reach(graph, &rules.starts(), None, &follow);
        rules.left_over = (0..graph.node_count()).filter(|node| !reached.contains(node)).collect();
        rules
    }

    fn essential(&self, from: u32, to: u32, index: usize) -> bool {
        let edge = self.graph.edges(NodeIndex(from)).nth(index).unwrap();
        let name = self.graph.edge_name(&edge);
        let own_table = format!("(table {})", self.graph.id(NodeIndex(from)));
        let weak_table = edge.kind == EdgeKind::Internal && name.contains("part of key") && name.ends_with(&own_table);
        let outside = edge.kind == EdgeKind::Shortcut || (self.page.contains(&to) && !self.page.contains(&from));
        !(self.left_over.contains(&from)
            || weak_table
            || edge.kind == EdgeKind::Weak
            || from == to
            || (from != 0 && outside))
    }

    /// What counts as held by the root: itself, and what nothing holds.
    fn starts(&self) -> Nodes {
        let all = 0..self.graph.node_count();
        let follow = |from, to, index| self.essential(from, to, index);
        let mut starts = Nodes::from([0]);
        let held = |node: u32| {
            all.clone().any(|from| {
                let edges = self.graph.edges_of(from as usize).iter().enumerate();
                edges
                    .clone()
                    .any(|(index, edge)| edge.to == node && self.essential(from, node, index))
            })
        };
        let reached = reach(self.graph, &starts, None, &follow);
        let alone: Vec<u32> = all
            .clone()
            .filter(|node| !reached.contains(node) && !held(*node))
            .collect();
        starts.extend(alone);
        starts
    }
}

/// What each node dominates: what is no longer reached without it.
fn dominated(graph: &HeapGraph) -> Vec<Nodes> {
    let rules = Rules::new(graph);
    let mut starts = rules.starts();
    starts.extend(&rules.left_over);
    let follow = |from, to, index| rules.essential(from, to, index);
    let all: Nodes = (0..graph.node_count()).collect();
    let without = |node: u32| match node {
        0 => Nodes::new(),
        _ => reach(graph, &starts, Some(node), &follow),
    };
    all.iter()
        .map(|&node| all.difference(&without(node)).copied().collect())
        .collect()
}

fn analysed(graph: &HeapGraph) -> HeapAnalysis {
    HeapAnalysis::new(graph.clone(), AnalysisOptions::default()).unwrap()
}

/// Owners by definition: spread sets of owners until nothing changes.
fn shallow_sizes(graph: &HeapGraph) -> Vec<u64> {
    let known = Known::find(graph);
    let mut sizes: Vec<u64> = graph.nodes().map(|node| graph.self_size(node)).collect();
    if roots::user_roots(graph, &known).is_empty() {
        return sizes;
    }
    let ownable = |node: NodeIndex| match graph.kind(node) {
        NodeKind::HIDDEN | NodeKind::ARRAY => true,
        kind => kind == NodeKind::NATIVE && graph.name(node) == "system / ExternalStringData",
    };
    let mut owners: Vec<Nodes> = graph
        .nodes()
        .map(|node| {
            if ownable(node) {
                Nodes::new()
            } else {
                Nodes::from([node.0])
            }
        })
        .collect();
    loop {
        let before = owners.clone();
        for from in graph.nodes() {
            for edge in graph
                .edges(from)
                .filter(|edge| edge.kind != EdgeKind::Weak && ownable(edge.to))
            {
                let spread = owners[from.at()].clone();
                owners[edge.to.at()].extend(spread);
            }
        }
        if owners == before {
            break;
        }
    }
    for node in graph.nodes().filter(|&node| ownable(node)) {
        let [owner] = owners[node.at()].iter().copied().collect::<Vec<_>>()[..] else {
            continue;
        };
        if owner != 0 && graph.kind(NodeIndex(owner)) != NodeKind::SYNTHETIC {
            sizes[owner as usize] += std::mem::take(&mut sizes[node.at()]);
        }
    }
    sizes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dominators_are_what_removal_says(seed: u64, nodes in 1u32..24, edges in 0u32..90) {
        let graph = random_graph(seed, nodes, edges);
        let analysis = analysed(&graph);
        let dominated = dominated(&graph);
        for node in 1..nodes {
            // Of the nodes that dominate it, the nearest is the one that dominates least.
            let above = (0..nodes).filter(|&other| other != node && dominated[other as usize].contains(&node));
            let nearest = above.min_by_key(|&other| dominated[other as usize].len());
            prop_assert_eq!(Some(analysis.dominator(NodeIndex(node)).0), nearest, "node {}", node);
        }
    }

    #[test]
    fn retained_is_what_becomes_unreachable(seed: u64, nodes in 1u32..24, edges in 0u32..90) {
        let graph = random_graph(seed, nodes, edges);
        let analysis = analysed(&graph);
        for (node, below) in dominated(&graph).iter().enumerate() {
            let sum: u64 = below.iter().map(|&node| analysis.graph().self_size(NodeIndex(node))).sum();
            prop_assert_eq!(analysis.retained_size(NodeIndex(node as u32)), sum, "node {}", node);
        }
    }

    #[test]
    fn a_class_retains_what_its_outermost_objects_do(seed: u64, nodes in 1u32..24, edges in 0u32..90) {
        let analysis = analysed(&random_graph(seed, nodes, edges));
        for row in analysis.classes() {
            let members = analysis.instances(row.class);
            let is_member = |node: &NodeIndex| members.contains(node);
            let has_member_above = |node: NodeIndex| {
                let mut at = node;
                while analysis.dominator(at) != at {
                    at = analysis.dominator(at);
                    if is_member(&at) {
                        return true;
                    }
                }
                false
            };
            let outermost = members.iter().filter(|&&node| !has_member_above(node));
            let sum: u64 = outermost.map(|&node| analysis.retained_size(node)).sum();
            prop_assert_eq!((row.retained_size, row.count), (sum, members.len() as u64), "{}", row.name);
        }
    }

    #[test]
    fn bytes_go_to_the_only_owner(seed: u64, nodes in 1u32..24, edges in 0u32..60) {
        let graph = random_graph(seed, nodes, edges);
        let analysis = analysed(&graph);
        let found: Vec<u64> = graph.nodes().map(|node| analysis.graph().self_size(node)).collect();
        prop_assert_eq!(found, shallow_sizes(&graph));
    }

    #[test]
    fn a_path_is_made_of_edges_and_gets_nearer(seed: u64, nodes in 1u32..40, edges in 0u32..90) {
        let analysis = analysed(&random_graph(seed, nodes, edges));
        for node in analysis.graph().nodes() {
            let path = analysis.retaining_path(node);
            if let Some(last) = path.last() {
                prop_assert_eq!(last.edge.to, node);
            }
            for pair in path.windows(2) {
                prop_assert_eq!(pair[0].edge.to, pair[1].from);
                prop_assert!(analysis.distance(pair[0].from) < analysis.distance(pair[1].from));
            }
        }
    }
}
