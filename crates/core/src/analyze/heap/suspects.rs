//! Leak suspects: where memory accumulates, named as its program knows it.

use std::collections::{HashMap, HashSet};

use super::accumulation::{points, Holding, Point, Weights};
use super::growth::{growth_of, Counterparts};
use super::lookup::Retainer;
use super::same_process::is_same_process;
use super::script_places::ScriptPlace;
use super::shared::shared_points;
use super::stop::AnalysisOptions;
use super::suspect_kind::{ContainerKind, KeyPattern};
use super::HeapAnalysis;
use crate::model::heap::{AllocationFrame, EdgeKind, NodeIndex, NodeKind};
use crate::Result;

/// A suspect retains this part of the heap at least.
const LEAST_SHARE: f64 = 0.05;
/// And this many bytes.
const LEAST_SIZE: u64 = 1 << 20;
/// With a base: a suspect has grown by this part of the base.
const LEAST_GROWTH_SHARE: f64 = 0.02;
/// And by this many bytes.
const LEAST_GROWTH: u64 = 128 << 10;
/// A suspect within another is reported if it makes up this part of it.
const NESTED_SHARE: f64 = 0.5;

/// Something that memory accumulates in.
#[derive(Debug, Clone, PartialEq)]
pub struct LeakSuspect {
    /// The container.
    pub node: NodeIndex,
    /// What it is.
    pub kind: ContainerKind,
    /// Where in the program the way to it leads through last: the function whose variable it is in, or the constructor of
    /// what holds it. Nothing when the way leads through Node only.
    pub holder: Option<ScriptPlace>,
    /// Bytes that would be freed with it; when something else holds what accumulates as well, or when it retains much else
    /// beside that, the bytes that would be freed with what accumulates.
    pub retained_size: u64,
    /// Whether something else holds what accumulates as well.
    pub shared: bool,
    /// The bytes as a part of the heap, from 0 to 1.
    pub share: f64,
    /// Of those bytes, the ones off the JavaScript heap: data of Buffers and ArrayBuffers, and native objects.
    pub off_heap_size: u64,
    /// What accumulates.
    pub accumulated: Accumulated,
    /// What its keys have in common.
    pub keys: Option<KeyPattern>,
    /// What is there again and again.
    pub duplicates: Option<Duplicates>,
    /// How much it grew since the base. Only with a base that has it.
    pub growth: Option<Growth>,
    /// The shortest way to it from the roots.
    pub path: Vec<PathStep>,
    /// All that in one sentence.
    pub sentence: String,
}

/// What accumulates: the things of the class that makes up most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accumulated {
    /// The name of the class.
    pub class: String,
    /// How many there are.
    pub count: u64,
    /// What they retain together, in bytes.
    pub retained_size: u64,
    /// In how many containers within the suspect they lie; 0 when in the suspect itself.
    pub parts: u64,
    /// Where the constructor of one of them, or the function itself, stands; where that is Node's own, a function of the
    /// program that it holds.
    pub place: Option<ScriptPlace>,
    /// The call in the program that allocated most of them. Only where allocations were tracked.
    pub allocated_by: Option<AllocationFrame>,
}

/// A text that several of the accumulated things have: the file of modules, the text of strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicates {
    /// The text.
    pub text: String,
    /// How many of them have it.
    pub count: u64,
}

/// Growth since a base. A container that is not in the base, such as an array that was copied, has grown by those of its
/// things that are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// How the container, or its things, were found in the base.
    pub found_by: FoundBy,
    /// Bytes it retained in the base.
    pub base_retained_size: u64,
    /// References it held in the base.
    pub base_elements: u64,
    /// References it holds now.
    pub elements: u64,
}

/// How an object was found in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// By its id: both snapshots are of one process.
    Id,
    /// It lies where the retaining path of the suspect leads to in the base; the ids do not match.
    Path,
}

/// A step of a retaining path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathStep {
    /// The object that holds.
    pub from: NodeIndex,
    /// Its name.
    pub from_name: String,
    /// How it holds.
    pub edge_kind: EdgeKind,
    /// The property, variable or index.
    pub edge_name: String,
    /// What it holds.
    pub to: NodeIndex,
    /// The constructor of what holds, or the function itself.
    pub place: Option<ScriptPlace>,
}

/// What a search for suspects works with.
pub(super) struct Search<'a> {
    pub(super) analysis: &'a HeapAnalysis,
    pub(super) base: Option<(&'a HeapAnalysis, Counterparts)>,
    /// A base whose ids do not match.
    pub(super) other: Option<&'a HeapAnalysis>,
}

impl HeapAnalysis {
    /// What [`Asking::suspects`](super::Asking::suspects) answers.
    pub(super) fn find_suspects(
        &self,
        base: Option<&HeapAnalysis>,
        options: AnalysisOptions<'_>,
    ) -> Result<Vec<LeakSuspect>> {
        let by_id = base.is_some_and(|base| is_same_process(&base.graph, &self.graph, &options));
        options.check()?;
        let search = Search {
            analysis: self,
            base: base.filter(|_| by_id).map(|base| (base, Counterparts::new(base))),
            other: base.filter(|_| !by_id),
        };
        let weights = Weights {
            of: &|node| search.weight(node),
            least: search.least(),
            options,
        };
        let mut found = options.timed("points", || search.outermost(points(self, &weights)));
        options.check()?;
        let known: HashSet<NodeIndex> = found.iter().map(|point| point.node).collect();
        let shared = options.timed("shared points", || shared_points(self, &weights));
        found.extend(shared.into_iter().filter(|point| !known.contains(&point.node)));
        options.check()?;
        let mut suspects: Vec<LeakSuspect> = options.timed("suspects", || {
            let found = options.wanted(found.into_iter());
            found.filter_map(|point| search.suspect(point)).collect()
        });
        options.check()?;
        suspects.sort_by_key(|suspect| {
            let growth = suspect.growth.map_or(0, |growth| {
                suspect.retained_size - growth.base_retained_size.min(suspect.retained_size)
            });
            (std::cmp::Reverse((growth, suspect.retained_size)), suspect.node)
        });
        Ok(suspects)
    }

    /// Bytes that something has to have grown by, since this snapshot as the base, to be a suspect.
    pub fn least_growth(&self) -> u64 {
        let share = LEAST_GROWTH_SHARE * self.total_size() as f64;
        (share.ceil() as u64).max(LEAST_GROWTH)
    }

    /// The path as steps with names and places.
    fn steps(&self, path: &[Retainer]) -> Vec<PathStep> {
        let graph = &self.graph;
        let step = |step: &Retainer| PathStep {
            from: step.from,
            from_name: graph.name(step.from).into_owned(),
            edge_kind: step.edge.kind,
            edge_name: graph.edge_name(&step.edge).into_owned(),
            to: step.edge.to,
            place: graph.location(step.from).and_then(|location| self.place(location)),
        };
        path.iter().map(step).collect()
    }

    /// Bytes off the JavaScript heap that `node` retains. Linear in what it dominates.
    fn off_heap(&self, node: NodeIndex) -> u64 {
        let mut sum = 0;
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if self.graph.kind(at) == NodeKind::NATIVE {
                sum += self.graph.self_size(at);
            }
            open.extend(self.tree().children(at.0).iter().map(|&child| NodeIndex(child)));
        }
        sum
    }
}

impl Search<'_> {
    /// Bytes that count against a node: all that it retains, or what it retains more than in the base.
    fn weight(&self, node: NodeIndex) -> u64 {
        match &self.base {
            None => self.analysis.retained_size(node),
            Some((base, pairs)) => growth_of(base, self.analysis, pairs, node),
        }
    }

    /// The least weight of a suspect.
    fn least(&self) -> f64 {
        match &self.base {
            None => (LEAST_SHARE * self.analysis.total_size() as f64).max(LEAST_SIZE as f64),
            Some((base, _)) => base.least_growth() as f64,
        }
    }

    /// Drops points within others, unless they are most of those.
    fn outermost(&self, points: Vec<Point>) -> Vec<Point> {
        let whole = points.iter().filter(|point| point.holding != Holding::Beside);
        let sizes: HashMap<NodeIndex, u64> = whole.map(|point| (point.node, point.retained)).collect();
        let is_nested = |point: &Point| {
            let mut at = point.node;
            loop {
                let above = self.analysis.dominator(at);
                if above == at {
                    return false;
                }
                at = above;
                if let Some(&size) = sizes.get(&at) {
                    if (point.retained as f64) < NESTED_SHARE * size as f64 {
                        return true;
                    }
                }
            }
        };
        let mut kept = points;
        kept.retain(|point| !is_nested(point));
        kept
    }

    fn suspect(&self, point: Point) -> Option<LeakSuspect> {
        let analysis = self.analysis;
        let point = super::suspect_facts::timeouts(analysis, point);
        let class = analysis.classes.name(&analysis.graph, point.class).into_owned();
        let duplicates = self.duplicates(&point, &class);
        // Files that were loaded once each are what a program consists of.
        if class == "BuiltinModule" || (class == "Module" && duplicates.is_none()) {
            return None;
        }
        let path = analysis.retaining_path(point.node);
        let growth = self.growth(&point).or_else(|| self.growth_by_path(&point, &path));
        let kind = analysis.container_kind(&point, &class, &path);
        let shared = point.holding == Holding::Shared;
        let of_things = shared || point.holding == Holding::Beside;
        let retained_size = match of_things {
            true => point.retained,
            false => analysis.retained_size(point.node),
        };
        let steps = analysis.steps(&path);
        let mut suspect = LeakSuspect {
            node: point.node,
            kind,
            holder: steps.iter().rev().find_map(|step| analysis.holder(step)),
            retained_size,
            shared,
            share: retained_size as f64 / analysis.total_size().max(1) as f64,
            off_heap_size: match of_things {
                true => point.members.iter().map(|&member| analysis.off_heap(member)).sum(),
                false => analysis.off_heap(point.node),
            },
            accumulated: Accumulated {
                class,
                count: point.members.len() as u64,
                retained_size: point.retained,
                parts: match point.holding {
                    Holding::Spread(parts) => parts,
                    _ => 0,
                },
                place: point.members.first().and_then(|&member| self.origin(member)),
                allocated_by: self.allocated_by(&point),
            },
            keys: analysis.key_pattern(point.node, kind),
            duplicates,
            growth,
            path: steps,
            sentence: String::new(),
        };
        suspect.sentence = super::sentence::sentence(analysis, &suspect);
        Some(suspect)
    }
}
