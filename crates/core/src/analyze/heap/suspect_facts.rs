//! What is found out about a suspect beside its container: where its things come from, how it grew, what repeats.

use std::collections::{HashMap, VecDeque};

use super::accumulation::{main_class, Holding, Point};
use super::containers::Contents;
use super::lookup::Retainer;
use super::same_way;
use super::script_places::{target, ScriptPlace};
use super::suspects::{Duplicates, FoundBy, Growth, PathStep, Search};
use super::HeapAnalysis;
use crate::model::heap::{AllocationFrame, EdgeKind, NodeIndex, NodeKind};

/// Nodes below an accumulated thing that are looked at for a function of the program.
const LOOKED_AT: usize = 64;

/// Node keeps a list of timers for each duration; what accumulates are the timers.
pub(super) fn timeouts(analysis: &HeapAnalysis, point: Point) -> Point {
    let is_list = |node: NodeIndex| analysis.graph.name_bytes(node) == b"TimersList";
    if !point.members.first().is_some_and(|&first| is_list(first)) {
        return point;
    }
    let contents = Contents::new(analysis);
    let timers = point.members.iter().flat_map(|&list| contents.owned(list)).collect();
    match main_class(analysis, timers) {
        Some((class, _, members)) => Point {
            class,
            members,
            ..point
        },
        None => point,
    }
}

impl HeapAnalysis {
    /// The place in the program of what holds, in a step of a way: its own; of variables, that of a function that sees them.
    pub(super) fn holder(&self, step: &PathStep) -> Option<ScriptPlace> {
        if let Some(place) = step.place.clone().filter(ScriptPlace::is_programs) {
            return Some(place);
        }
        if step.edge_kind != EdgeKind::Context {
            return None;
        }
        let closures = self.retainers(step.from).into_iter().map(|retainer| retainer.from);
        let mut places = closures
            .filter(|&node| self.graph.kind(node) == NodeKind::CLOSURE)
            .filter_map(|closure| self.place(self.graph.location(closure)?));
        places.find(ScriptPlace::is_programs)
    }
}

impl Search<'_> {
    /// Where `member` comes from: its own place, or, if that says nothing of the program, that of a function it holds.
    pub(super) fn origin(&self, member: NodeIndex) -> Option<ScriptPlace> {
        let graph = &self.analysis.graph;
        let place = |node| self.analysis.place(graph.location(node)?);
        let own = place(member);
        if own.as_ref().is_some_and(ScriptPlace::is_programs) {
            return own;
        }
        let mut open = VecDeque::from([member]);
        for _ in 0..LOOKED_AT {
            let Some(at) = open.pop_front() else {
                break;
            };
            if graph.kind(at) == NodeKind::CLOSURE {
                if let Some(found) = place(at).filter(ScriptPlace::is_programs) {
                    return Some(found);
                }
            }
            let below = self.analysis.tree().children(at.0).iter();
            open.extend(below.map(|&child| NodeIndex(child)));
        }
        own
    }

    /// How much it grew since the base: by its own counterpart, else by those of its things.
    pub(super) fn growth(&self, point: &Point) -> Option<Growth> {
        let (base, pairs) = self.base.as_ref()?;
        let graph = &self.analysis.graph;
        let count = point.members.len() as u64;
        if let Some(old) = pairs
            .of(graph.id(point.node))
            .filter(|_| point.holding == Holding::Direct)
        {
            let elements = Contents::new(self.analysis).references(point.node);
            // What waits for a promise is not among its references.
            let known = point
                .members
                .iter()
                .filter(|&&member| pairs.of(graph.id(member)).is_some());
            let (base_elements, elements) = match elements < count {
                true => (known.count() as u64, count),
                false => (Contents::new(base).references(old), elements),
            };
            return Some(Growth {
                found_by: FoundBy::Id,
                base_retained_size: base.retained_size(old),
                base_elements,
                elements,
            });
        }
        let old: Vec<NodeIndex> = point
            .members
            .iter()
            .filter_map(|&member| pairs.of(graph.id(member)))
            .collect();
        let base_retained_size = match point.holding {
            // Each link retains those after it.
            Holding::Chain => old.iter().map(|&node| base.retained_size(node)).max().unwrap_or(0),
            Holding::Spread(_) => pairs
                .of(graph.id(point.node))
                .map_or(0, |node| base.retained_size(node)),
            _ => old.iter().map(|&node| base.retained_size(node)).sum(),
        };
        Some(Growth {
            found_by: FoundBy::Id,
            base_retained_size,
            base_elements: old.len() as u64,
            elements: count,
        })
    }

    /// The same since a base whose ids do not match: by what `path`, its retaining path, leads to there.
    pub(super) fn growth_by_path(&self, point: &Point, path: &[Retainer]) -> Option<Growth> {
        let base = self.other?;
        // The sizes of others are those of their things, of which none is known in the base.
        if matches!(point.holding, Holding::Beside | Holding::Shared) {
            return None;
        }
        let old = same_way::counterpart(base, self.analysis, path)?;
        Some(Growth {
            found_by: FoundBy::Path,
            base_retained_size: base.retained_size(old),
            base_elements: Contents::new(base).references(old),
            elements: Contents::new(self.analysis).references(point.node),
        })
    }

    /// The innermost call in the program that allocated most of the members for which it is known.
    pub(super) fn allocated_by(&self, point: &Point) -> Option<AllocationFrame> {
        let mut counts: HashMap<AllocationFrame, u64> = HashMap::new();
        for &member in &point.members {
            let stack = self.analysis.graph.allocation_stack(member);
            let own = |frame: &AllocationFrame| !frame.url.is_empty() && !frame.url.starts_with("node:");
            if let Some(frame) = stack.into_iter().find(own) {
                *counts.entry(frame).or_default() += 1;
            }
        }
        let most = counts.into_iter().max_by(|(a, count), (b, other)| {
            count
                .cmp(other)
                .then_with(|| b.url.cmp(&a.url))
                .then(b.line.cmp(&a.line))
        })?;
        Some(most.0)
    }

    /// The text that most of the members have, if more than one has it.
    pub(super) fn duplicates(&self, point: &Point, class: &str) -> Option<Duplicates> {
        let graph = &self.analysis.graph;
        let text = |node: NodeIndex| match graph.kind(node) {
            NodeKind::STRING => Some(graph.name_index(node)),
            NodeKind::OBJECT if class == "Module" => {
                target(graph, node, &["filename"]).map(|name| graph.name_index(name))
            }
            _ => None,
        };
        let mut counts = HashMap::new();
        for text in point.members.iter().filter_map(|&member| text(member)) {
            *counts.entry(text).or_insert(0u64) += 1;
        }
        let (text, count) = counts
            .into_iter()
            .max_by_key(|&(text, count)| (count, std::cmp::Reverse(text)))?;
        (count > 1).then(|| Duplicates {
            text: graph.strings().text(text).into_owned(),
            count,
        })
    }
}
