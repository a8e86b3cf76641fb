//! What kind of container a suspect is, and what its keys look like.

use super::accumulation::{Holding, Point};
use super::lookup::Retainer;
use super::script_places::target;
use super::HeapAnalysis;
use crate::model::heap::{EdgeKind, NodeIndex, NodeKind};

/// As many properties make an object a dictionary.
const DICTIONARY: usize = 50;
/// Keys that are looked at.
const SAMPLE: usize = 1000;
/// The part of the keys that must follow a pattern.
const PATTERN: f64 = 0.7;

/// What holds what accumulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContainerKind {
    /// An array.
    Array,
    /// A `Map`.
    Map,
    /// A `Set`.
    Set,
    /// An object used as a dictionary.
    Dictionary,
    /// Listeners of an `EventEmitter`.
    Listeners,
    /// Variables that a function captured.
    ClosureContext,
    /// `module.children`, which `require` fills.
    ModuleChildren,
    /// Node's lists of timers.
    Timers,
    /// What waits for a promise.
    PromiseReactions,
    /// Objects of which each holds the next.
    LinkedList,
    /// A text that was put together piece by piece.
    ConcatenatedString,
    /// The functions that run when something was garbage collected.
    FinalizationRegistry,
    /// Any other object.
    Object,
}

/// What the keys of a Map or a dictionary have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPattern {
    /// They look like points in time: seconds or milliseconds since 1970.
    Timestamps,
    /// They count up by one.
    Consecutive,
}

impl HeapAnalysis {
    /// The kind of the node of `point`, to which `path` leads; `class` is the name of what accumulates.
    pub(super) fn container_kind(&self, point: &Point, class: &str, path: &[Retainer]) -> ContainerKind {
        let graph = &self.graph;
        let node = point.node;
        let chain = point.holding == Holding::Chain;
        let name = graph.name(node);
        let edge_name = |back: usize| {
            let step = path.len().checked_sub(back).and_then(|place| path.get(place));
            step.map(|step| graph.edge_name(&step.edge)).unwrap_or_default()
        };
        let timer = |name: &str| ["TimersList", "Timeout", "Immediate"].contains(&name);
        let holder = path.last().map(|step| graph.name(step.from)).unwrap_or_default();
        let of_node = point.holding == Holding::Shared && !self.is_in_program(path);
        if timer(&name) || (timer(&holder) && chain) || (timer(class) && of_node) {
            return ContainerKind::Timers;
        }
        if graph.kind(node) == NodeKind::CONS_STRING {
            return ContainerKind::ConcatenatedString;
        }
        if chain {
            return ContainerKind::LinkedList;
        }
        if edge_name(1) == "_events" || edge_name(2) == "_events" {
            return ContainerKind::Listeners;
        }
        if edge_name(1) == "children" && holder == "Module" {
            return ContainerKind::ModuleChildren;
        }
        if graph.kind(node) == NodeKind::CLOSURE {
            return ContainerKind::ClosureContext;
        }
        match &*name {
            "Array" => ContainerKind::Array,
            "Map" => ContainerKind::Map,
            "Set" => ContainerKind::Set,
            "Promise" => ContainerKind::PromiseReactions,
            "FinalizationRegistry" => ContainerKind::FinalizationRegistry,
            _ if self.properties(node).count() >= DICTIONARY => ContainerKind::Dictionary,
            _ => ContainerKind::Object,
        }
    }

    /// Whether a way leads through a function or object of the program.
    fn is_in_program(&self, path: &[Retainer]) -> bool {
        let places = path
            .iter()
            .filter_map(|step| self.place(self.graph.location(step.from)?));
        places.into_iter().any(|place| place.is_programs())
    }

    fn properties(&self, node: NodeIndex) -> impl Iterator<Item = String> + '_ {
        let graph = &self.graph;
        let edges = graph.edges(node).filter(|edge| edge.kind == EdgeKind::Property);
        edges.map(|edge| graph.edge_name(&edge).into_owned())
    }

    /// What the keys of `node` have in common, if anything.
    pub(super) fn key_pattern(&self, node: NodeIndex, kind: ContainerKind) -> Option<KeyPattern> {
        let graph = &self.graph;
        let keys: Vec<u64> = match kind {
            ContainerKind::Dictionary => self
                .properties(node)
                .filter_map(|key| number(&key))
                .take(SAMPLE)
                .collect(),
            ContainerKind::Map => {
                let table = target(graph, node, &["table"])?;
                let strings = graph
                    .edges(table)
                    .filter(|edge| graph.kind(edge.to) == NodeKind::STRING);
                strings
                    .filter_map(|edge| number(&graph.name(edge.to)))
                    .take(SAMPLE)
                    .collect()
            }
            _ => return None,
        };
        if keys.len() < 20 {
            return None;
        }
        let enough = |count: usize, of: usize| count as f64 >= PATTERN * of as f64;
        if enough(keys.iter().filter(|&&key| is_time(key)).count(), keys.len()) {
            return Some(KeyPattern::Timestamps);
        }
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        let steps = sorted.windows(2).filter(|pair| pair[1] - pair[0] == 1).count();
        enough(steps, sorted.len() - 1).then_some(KeyPattern::Consecutive)
    }
}

/// The number at the end of a key.
fn number(key: &str) -> Option<u64> {
    let start = key.trim_end_matches(|character: char| character.is_ascii_digit()).len();
    key[start..].parse().ok()
}

/// Whether a number is a time between 2008 and 2039, in seconds or milliseconds.
fn is_time(number: u64) -> bool {
    let seconds = 1_200_000_000..2_200_000_000;
    seconds.contains(&number) || (number > 1_000_000_000_000 && seconds.contains(&(number / 1000)))
}
