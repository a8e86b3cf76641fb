//! The top-down and the bottom-up tree.
//!
//! Top-down, nodes of the same function below the same path become one. Bottom-up, each function stands at the top and
//! its callers below it: a node's self goes to the chain of its own callers, and its total once, if it is the outermost
//! of its function. (Chrome DevTools adds the total at each level of recursion, so a recursive function gets many times
//! the length of the recording there.)
//!
//! Both work level by level on lists of nodes, in time linear in nodes times depth, and leave out what is too small.

use std::collections::HashMap;

use super::merged_tree::MergedTree;
use crate::model::{CallNode, CallTree, FunctionIndex, MetaFilter, Weight};

/// How much of a tree is wanted.
///
/// ```
/// use rs_profiler_core::analyze::calls::TreeOptions;
/// let options = TreeOptions::default();
/// assert!(!options.meta.idle);
/// assert_eq!((options.least_share, options.deepest), (0.001, 256));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TreeOptions {
    /// Which of V8's frames that are no functions are kept. Default is all but idle time.
    pub meta: MetaFilter,
    /// Nodes with less than this share of the tree's amount are left out, from 0 to 1. Default is 0.001.
    pub least_share: f64,
    /// Levels below the root. Default is 256, as deep as V8 records.
    pub deepest: u32,
}

impl Default for TreeOptions {
    fn default() -> Self {
        TreeOptions {
            meta: MetaFilter::default(),
            least_share: 0.001,
            deepest: 256,
        }
    }
}

impl TreeOptions {
    /// Everything, however small, idle time included.
    ///
    /// ```
    /// use rs_profiler_core::analyze::calls::TreeOptions;
    /// assert_eq!(TreeOptions::everything().least_share, 0.0);
    /// ```
    pub fn everything() -> Self {
        TreeOptions {
            meta: MetaFilter::with_meta(true),
            least_share: 0.0,
            deepest: u32::MAX,
        }
    }
}

/// A node that a merged node is made of: where it stands, and what it brings.
#[derive(Clone, Copy)]
struct Part {
    /// The node whose function is shown.
    at: CallNode,
    self_weight: Weight,
    total_weight: Weight,
}

pub(super) fn top_down(tree: &CallTree, options: TreeOptions) -> MergedTree {
    let part = |at| Part {
        at,
        self_weight: tree.self_weight(at),
        total_weight: tree.total_weight(at),
    };
    let first = tree
        .children(tree.root())
        .filter(|&node| options.meta.keeps(tree, node));
    let first: Vec<Part> = first.map(part).collect();
    let own = tree.self_weight(tree.root());
    let total = first.iter().map(|part| part.total_weight).sum::<Weight>() + own;
    merge(tree, options, (own, total), first, |parent, into| {
        into.extend(tree.children(parent.at).map(part));
    })
}

pub(super) fn bottom_up(tree: &CallTree, outermost: &[bool], options: TreeOptions) -> MergedTree {
    let mut left_out = tree.root();
    let mut first = Vec::new();
    for at in tree.nodes().skip(1) {
        if at < left_out {
            continue;
        }
        if !options.meta.keeps(tree, at) {
            left_out = tree.subtree_end(at);
            continue;
        }
        let total_weight = match outermost.get(at.index()) {
            Some(true) => tree.total_weight(at),
            _ => Weight::ZERO,
        };
        let self_weight = tree.self_weight(at);
        if !self_weight.is_zero() || !total_weight.is_zero() {
            first.push(Part {
                at,
                self_weight,
                total_weight,
            });
        }
    }
    let own = first.iter().map(|part| part.self_weight).sum();
    merge(tree, options, (own, own), first, |part, into| {
        let caller = tree.parent(part.at).filter(|&caller| caller != tree.root());
        into.extend(caller.map(|at| Part { at, ..*part }));
    })
}

/// Merges `first` by function, and then what `next` makes of each merged node's parts, level by level.
fn merge(
    tree: &CallTree,
    options: TreeOptions,
    (self_weight, total_weight): (Weight, Weight),
    first: Vec<Part>,
    next: impl Fn(&Part, &mut Vec<Part>),
) -> MergedTree {
    let mut merged = MergedTree::with_root(self_weight, total_weight);
    let least = (total_weight.amount as f64 * options.least_share.clamp(0.0, 1.0)) as u64;
    // Nodes of the present level: place, and the parts of their children.
    let mut level = vec![(0, first)];
    let mut depth = 0;
    while !level.is_empty() && depth < options.deepest {
        depth += 1;
        let mut below = Vec::new();
        for (parent, parts) in level {
            merged.nodes[parent].first_child = merged.nodes.len() as u32;
            for (function, own, total, parts) in by_function(tree, parts) {
                if own.amount.max(total.amount) < least {
                    continue;
                }
                let place = merged.nodes.len();
                merged.push(Some(function), own, total);
                merged.nodes[parent].children += 1;
                let mut children = Vec::new();
                parts.iter().for_each(|part| next(part, &mut children));
                if !children.is_empty() {
                    below.push((place, children));
                }
            }
        }
        level = below;
    }
    merged
}

/// The parts of each function with their sums, the biggest first.
fn by_function(tree: &CallTree, parts: Vec<Part>) -> Vec<(FunctionIndex, Weight, Weight, Vec<Part>)> {
    let mut groups: HashMap<FunctionIndex, (Weight, Weight, Vec<Part>)> = HashMap::new();
    for part in parts {
        let (own, total, members) = groups.entry(tree.function(part.at)).or_default();
        *own += part.self_weight;
        *total += part.total_weight;
        members.push(part);
    }
    let mut groups: Vec<_> = groups
        .into_iter()
        .map(|(function, (own, total, members))| (function, own, total, members))
        .collect();
    groups.sort_by_key(|&(function, own, total, _)| {
        (std::cmp::Reverse((total.amount, own.amount, total.count)), function)
    });
    groups
}
