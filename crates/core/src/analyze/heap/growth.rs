//! Containers that grew: DevTools' Comparison does not show them, since an object that is in both snapshots is neither new
//! nor deleted, however much more it holds.

use super::containers::Contents;
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{NodeIndex, NodeKind, SnapshotObjectId};

/// Growth below this many bytes is not reported.
const LEAST_GROWTH: u64 = 1024;
/// A thing below a container that accounts for this part of its growth is where to look instead.
const BIG_CHILD: f64 = 0.1;
/// A container is where growth happens if such things account for no more than this part of its growth.
const EXPLAINED: f64 = 0.7;

/// An object that retains more in the later snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrownObject {
    /// The object, in the later snapshot.
    pub node: NodeIndex,
    /// The same in the base.
    pub base_node: NodeIndex,
    /// Its id in both.
    pub id: SnapshotObjectId,
    /// The name of its class.
    pub class: String,
    /// Bytes it retained in the base.
    pub base_retained: u64,
    /// Bytes it retains in the later snapshot.
    pub retained: u64,
    /// References it held in the base, through V8's backing stores.
    pub base_elements: u64,
    /// References it holds in the later snapshot.
    pub elements: u64,
}

impl GrownObject {
    /// Bytes more.
    pub fn growth(&self) -> u64 {
        self.retained.saturating_sub(self.base_retained)
    }
}

/// Where the node with the id of each node of `later` is in `base`.
pub(super) struct Counterparts {
    base: Vec<(u32, u32)>,
}

impl Counterparts {
    pub(super) fn new(base: &HeapAnalysis) -> Counterparts {
        let mut nodes: Vec<(u32, u32)> = base.graph.ids().iter().copied().zip(0..).collect();
        nodes.sort_unstable();
        Counterparts { base: nodes }
    }

    pub(super) fn of(&self, id: SnapshotObjectId) -> Option<NodeIndex> {
        let place = self.base.binary_search_by_key(&id.0, |&(id, _)| id).ok()?;
        Some(NodeIndex(self.base[place].1))
    }
}

/// Bytes that a node retains more than its counterpart, all of them if it is new.
pub(super) fn growth_of(base: &HeapAnalysis, later: &HeapAnalysis, pairs: &Counterparts, node: NodeIndex) -> u64 {
    let before = pairs.of(later.graph.id(node)).map_or(0, |old| base.retained_size(old));
    later.retained_size(node).saturating_sub(before)
}

/// The containers of `later` in which growth happened, by growth; also those that hold more elements at the same size.
pub(super) fn grown(base: &HeapAnalysis, later: &HeapAnalysis, options: &AnalysisOptions<'_>) -> Vec<GrownObject> {
    let pairs = Counterparts::new(base);
    let contents = Contents::new(later);
    let base_contents = Contents::new(base);
    let mut grown = Vec::new();
    for node in options.wanted(later.graph.nodes()) {
        if !is_container(later, node) {
            continue;
        }
        let Some(base_node) = pairs.of(later.graph.id(node)) else {
            continue;
        };
        let (retained, base_retained) = (later.retained_size(node), base.retained_size(base_node));
        let growth = retained.saturating_sub(base_retained);
        if growth < LEAST_GROWTH || base.graph.kind(base_node) != later.graph.kind(node) {
            continue;
        }
        let below = contents.owned(node);
        let growths = below.iter().map(|&child| growth_of(base, later, &pairs, child));
        let of_big: u64 = growths.filter(|&part| part as f64 >= BIG_CHILD * growth as f64).sum();
        if of_big as f64 > EXPLAINED * growth as f64 {
            continue;
        }
        grown.push(GrownObject {
            node,
            base_node,
            id: later.graph.id(node),
            class: later.class_name(later.class(node)).into_owned(),
            base_retained,
            retained,
            base_elements: base_contents.references(base_node),
            elements: contents.references(node),
        });
    }
    grown.sort_by_key(|object| (std::cmp::Reverse(object.growth()), object.node));
    grown
}

fn is_container(analysis: &HeapAnalysis, node: NodeIndex) -> bool {
    let kind = analysis.graph.kind(node);
    (kind == NodeKind::OBJECT || kind == NodeKind::CLOSURE) && analysis.distance(node) > 1
}
