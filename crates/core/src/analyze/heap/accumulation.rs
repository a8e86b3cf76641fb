//! Where memory accumulates: the objects below which the retained size falls from much to many littles.
//!
//! Eclipse MAT's accumulation point, taken for all branches: MAT descends to the biggest child only and so sees one leak of
//! two. V8's plumbing is looked through: the array behind a Map is the Map.

use std::collections::HashMap;

use super::containers::Contents;
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{NodeIndex, NodeKind};

/// A point is where no single thing below holds this part of it. MAT's value.
const BIG_DROP: f64 = 0.7;
/// As many links of one class make a chain.
const CHAIN: u64 = 50;
/// As many things of one class accumulate.
pub(super) const MANY: u64 = 20;
/// The part of a point that the things of one class must make up.
const MAIN_PART: f64 = 0.5;
/// The same where the things lie in several containers of one kind.
const MAIN_PART_SPREAD: f64 = 0.8;
/// What the things themselves must make up; the rest may hang on several of them.
const LEAST_PART: f64 = 0.35;

/// How the things of a point are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holding {
    /// By the node, of which they make up most.
    Direct,
    /// By the node, which retains much else beside them: what they refer to in common, such as the variables of a module that
    /// their functions stand in.
    Beside,
    /// Each by the one before.
    Chain,
    /// In as many containers, which the node holds.
    Spread(u64),
    /// By the node and by something else too, so that it would not free them.
    Shared,
}

/// A point, and what accumulates there.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) node: NodeIndex,
    pub(super) holding: Holding,
    /// The class that makes up most.
    pub(super) class: u32,
    /// The things of that class.
    pub(super) members: Vec<NodeIndex>,
    /// What they retain together.
    pub(super) retained: u64,
}

/// What counts: the bytes against a node, and the least sum of them that is worth a look.
pub(super) struct Weights<'a> {
    pub(super) of: &'a dyn Fn(NodeIndex) -> u64,
    pub(super) least: f64,
    pub(super) options: AnalysisOptions<'a>,
}

impl Weights<'_> {
    pub(super) fn are_heavy(&self, nodes: &[NodeIndex]) -> bool {
        nodes.iter().map(|&node| (self.of)(node)).sum::<u64>() as f64 >= self.least
    }
}

/// The points among nodes that weigh enough, in the order of the file. Linear in nodes.
pub(super) fn points(analysis: &HeapAnalysis, weights: &Weights<'_>) -> Vec<Point> {
    let contents = Contents::new(analysis);
    let big = |node: NodeIndex| analysis.retained_size(node) as f64 >= weights.least && weights.are_heavy(&[node]);
    let nodes = weights.options.wanted(analysis.graph.nodes());
    nodes
        .filter(|&node| is_candidate(analysis, &contents, node) && big(node))
        .filter_map(|node| {
            chain(analysis, &contents, weights, node).or_else(|| point(analysis, &contents, weights, node))
        })
        .collect()
}

/// Objects and functions of the program, but not the global object; and texts that are put together of others. Also those that
/// only the stack or the embedder's handles lead to, as to the variables of a module of which no function is reachable
/// otherwise.
pub(super) fn is_candidate(analysis: &HeapAnalysis, contents: &Contents<'_>, node: NodeIndex) -> bool {
    let kind = analysis.graph.kind(node);
    let fit = [NodeKind::OBJECT, NodeKind::CLOSURE, NodeKind::CONS_STRING].contains(&kind);
    fit && analysis.distance(node) >= 2 && !contents.is_plumbing(node)
}

/// Things by class: the class that retains most, what its things retain, and those.
pub(super) fn main_class(analysis: &HeapAnalysis, nodes: Vec<NodeIndex>) -> Option<(u32, u64, Vec<NodeIndex>)> {
    let mut sizes: HashMap<u32, u64> = HashMap::new();
    for &node in &nodes {
        *sizes.entry(analysis.class(node).0).or_default() += analysis.retained_size(node);
    }
    let (class, size) = sizes.into_iter().max_by_key(|&(class, size)| (size, class))?;
    let mut members = nodes;
    members.retain(|&node| analysis.class(node).0 == class);
    Some((class, size, members))
}

fn point(analysis: &HeapAnalysis, contents: &Contents<'_>, weights: &Weights<'_>, node: NodeIndex) -> Option<Point> {
    let owned = contents.owned(node);
    let whole = analysis.retained_size(node);
    let biggest = owned.iter().map(|&child| analysis.retained_size(child)).max()?;
    let drops = (biggest as f64) < BIG_DROP * whole as f64;
    let held = contents.held(node);
    let held_size: u64 = held.iter().map(|&child| analysis.retained_size(child)).sum();
    let (class, size, members) = main_class(analysis, held)?;
    let part = |part: f64, of: u64| size as f64 >= part * of as f64;
    if members.len() as u64 >= MANY && part(MAIN_PART, held_size) {
        let most = part(LEAST_PART, whole);
        if (drops && most) || weights.are_heavy(&members) {
            let beside = !most;
            return Some(Point {
                node,
                holding: if beside { Holding::Beside } else { Holding::Direct },
                class,
                members,
                // What hangs on several of the things would be freed with them all.
                retained: match beside {
                    true => size,
                    false => (whole - analysis.graph.self_size(node).min(whole)).saturating_sub(held_size - size),
                },
            });
        }
    }
    let spread = if drops {
        spread(analysis, contents, node, &members)
    } else {
        None
    };
    spread.or_else(|| hanging(analysis, weights, node, owned))
}

/// Things that hold each other, as Node's timers of one duration do.
fn hanging(analysis: &HeapAnalysis, weights: &Weights<'_>, node: NodeIndex, owned: Vec<NodeIndex>) -> Option<Point> {
    let whole = analysis.retained_size(node) as f64;
    let list = analysis.graph.name_bytes(node) == b"TimersList";
    let biggest = owned.iter().map(|&child| analysis.retained_size(child)).max()?;
    let mut owned = owned;
    if list {
        owned.retain(|&child| analysis.graph.name_bytes(child) == b"Timeout");
    }
    let (class, retained, members) = main_class(analysis, owned)?;
    let most = retained as f64 >= MAIN_PART * whole && (biggest as f64) < BIG_DROP * whole;
    let fits = members.len() as u64 >= MANY && (most || (list && weights.are_heavy(&members)));
    fits.then_some(Point {
        node,
        holding: if most { Holding::Direct } else { Holding::Beside },
        class,
        members,
        retained,
    })
}

/// Things that lie in several containers of one class, `parts`, as in a Map of Maps.
fn spread(analysis: &HeapAnalysis, contents: &Contents<'_>, node: NodeIndex, parts: &[NodeIndex]) -> Option<Point> {
    let is_collection = |node| {
        let name = analysis.graph.name(node);
        matches!(&*name, "Array" | "Map" | "Set" | "Object")
    };
    if parts.len() < 2 || !is_collection(node) || !is_collection(parts[0]) {
        return None;
    }
    let things: Vec<NodeIndex> = parts.iter().flat_map(|&part| contents.held(part)).collect();
    let (class, retained, members) = main_class(analysis, things)?;
    let most = retained as f64 >= MAIN_PART_SPREAD * analysis.retained_size(node) as f64;
    (members.len() as u64 >= MANY && most).then_some(Point {
        node,
        holding: Holding::Spread(parts.len() as u64),
        class,
        members,
        retained,
    })
}

/// A chain that begins at `node`: things of one class, each of which holds the next.
fn chain(analysis: &HeapAnalysis, contents: &Contents<'_>, weights: &Weights<'_>, node: NodeIndex) -> Option<Point> {
    let class = analysis.class(node);
    let above = contents.owner(analysis.dominator(node));
    if above.is_some_and(|above| analysis.class(above) == class) {
        return None;
    }
    let next = |at: NodeIndex| {
        let links = contents
            .owned(at)
            .into_iter()
            .filter(|&child| analysis.class(child) == class);
        links.max_by_key(|&child| analysis.retained_size(child))
    };
    let links = std::iter::successors(Some(node), |&at| next(at));
    let members: Vec<NodeIndex> = weights.options.wanted(links).collect();
    (members.len() as u64 >= CHAIN).then(|| Point {
        node,
        holding: Holding::Chain,
        class: class.0,
        retained: analysis.retained_size(node),
        members,
    })
}
