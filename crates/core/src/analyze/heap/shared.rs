//! Things that accumulate in more than one container: an index and a queue, a Map and an array. Neither would free them, so
//! nothing of the program dominates them, and they hang below the roots. They are grouped by class there, as Eclipse MAT's
//! class suspects, and attributed to what holds most of them.

use std::collections::{HashMap, HashSet};

use super::accumulation::{is_candidate, Holding, Point, Weights, MANY};
use super::containers::Contents;
use super::HeapAnalysis;
use crate::model::heap::NodeIndex;

/// Things of a group that are asked who holds them.
const SAMPLE: usize = 500;
/// A container is named when it holds this part of those.
const MAIN_PART: f64 = 0.4;

/// The points, each of a class whose things weigh enough. Linear in nodes.
pub(super) fn shared_points(analysis: &HeapAnalysis, weights: &Weights<'_>) -> Vec<Point> {
    let contents = Contents::new(analysis);
    let mut groups: HashMap<u32, Vec<NodeIndex>> = HashMap::new();
    for node in weights.options.wanted(analysis.graph.nodes()) {
        let owner = analysis.dominator(node);
        let of_program = is_candidate(analysis, &contents, owner);
        if !of_program && !contents.is_plumbing(node) && !has_owner(analysis, &contents, owner) {
            groups.entry(analysis.class(node).0).or_default().push(node);
        }
    }
    let is_heavy = |members: &[NodeIndex]| members.len() as u64 >= MANY && weights.are_heavy(members);
    let mut points: Vec<Point> = weights
        .options
        .wanted(groups.into_iter())
        .filter(|(_, members)| is_heavy(members))
        .filter_map(|(class, members)| {
            let node = holder(analysis, &contents, class, &members)?;
            let referred = contents.referred(node);
            let mut members = members;
            members.retain(|member| referred.contains(&member.0));
            is_heavy(&members).then(|| Point {
                node,
                holding: Holding::Shared,
                class,
                retained: members.iter().map(|&member| analysis.retained_size(member)).sum(),
                members,
            })
        })
        .collect();
    points.sort_by_key(|point| point.node);
    points
}

/// Whether what `node` is part of is an object of the program.
fn has_owner(analysis: &HeapAnalysis, contents: &Contents<'_>, node: NodeIndex) -> bool {
    contents
        .owner(node)
        .is_some_and(|owner| is_candidate(analysis, contents, owner))
}

/// The object of the program that holds most of `members`; of several, the one nearest to the roots.
fn holder(analysis: &HeapAnalysis, contents: &Contents<'_>, class: u32, members: &[NodeIndex]) -> Option<NodeIndex> {
    let step = members.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<NodeIndex> = members.iter().copied().step_by(step).collect();
    let mut counts: HashMap<NodeIndex, usize> = HashMap::new();
    for &member in &sample {
        let owners = analysis.retainers(member).into_iter();
        let owners: HashSet<NodeIndex> = owners.filter_map(|retainer| contents.owner(retainer.from)).collect();
        for owner in owners {
            if analysis.class(owner).0 != class && is_candidate(analysis, contents, owner) {
                *counts.entry(owner).or_default() += 1;
            }
        }
    }
    let most = counts.into_iter().max_by_key(|&(node, count)| {
        (
            count,
            std::cmp::Reverse(analysis.distance(node)),
            std::cmp::Reverse(node),
        )
    });
    let (node, count) = most?;
    (count as f64 >= MAIN_PART * sample.len() as f64).then_some(node)
}
