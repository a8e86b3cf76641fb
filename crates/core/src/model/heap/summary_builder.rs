//! Summing up a snapshot while it passes. What this holds does not depend on how long the file is.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::heavy_names::{HeavyNames, NameSum};
use super::passing_texts::PassingTexts;
use super::{
    Detachedness, EdgeKind, GraphFault, HeapSummary, KindNames, KindTotal, LargeString, NameTotal, NodeKind,
    NodeRecord, SnapshotObjectId, StringIndex, MOST_BYTES,
};

/// Names that are shown: with the most bytes, and as many of which there are the most.
const NAMES: usize = 1000;
/// Strings that are shown.
const STRINGS: usize = 100;

/// A [`HeapSummary`] being made, in the order of a file: all nodes, then all edges, then the texts.
#[derive(Debug, Default)]
pub(crate) struct HeapSummaryBuilder {
    kind_names: KindNames,
    kinds: [KindSum; NodeKind::LIMIT as usize],
    edge_kinds: [u64; EdgeKind::COUNT],
    names: HeavyNames,
    largest: BinaryHeap<Reverse<Large>>,
    texts: Option<PassingTexts>,
    nodes: u32,
    edges: u32,
    promised_edges: u32,
    size_sum: u64,
    detached: u64,
    extra_native_bytes: u64,
    highest_node_name: Option<(u32, u32)>,
    highest_edge_name: Option<(u32, u32)>,
}

/// Nodes of one type.
#[derive(Debug, Clone, Copy, Default)]
struct KindSum {
    count: u64,
    /// Those that have bytes.
    sized: u64,
    size: u64,
}

/// A string by its size; of equal ones the first in the file is larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Large {
    size: u64,
    node: Reverse<u32>,
    id: u32,
    name: u32,
}

impl HeapSummaryBuilder {
    pub(crate) fn kind_names(&mut self) -> &mut KindNames {
        &mut self.kind_names
    }

    pub(crate) fn set_extra_native_bytes(&mut self, bytes: u64) {
        self.extra_native_bytes = bytes;
    }

    #[inline]
    pub(crate) fn push_node(&mut self, node: NodeRecord) -> Result<(), GraphFault> {
        let promised = self.promised_edges.checked_add(node.edge_count);
        self.promised_edges = promised.ok_or(GraphFault::TooManyEdges)?;
        if self.nodes >= u32::MAX - 1 {
            return Err(GraphFault::TooManyNodes);
        }
        if self.highest_node_name.is_none_or(|(highest, _)| node.name > highest) {
            self.highest_node_name = Some((node.name, self.nodes));
        }
        let size = node.self_size;
        self.size_sum = self.size_sum.saturating_add(size);
        let sum = &mut self.kinds[node.kind.number()];
        sum.count += 1;
        sum.sized += u64::from(size > 0);
        sum.size = sum.size.saturating_add(size);
        match node.kind {
            NodeKind::OBJECT | NodeKind::NATIVE if size > 0 => self.names.add(node.name, size),
            NodeKind::STRING | NodeKind::CONS_STRING | NodeKind::SLICED_STRING => self.push_string(&node),
            _ => {}
        }
        self.detached += u64::from(node.detachedness == Detachedness::Detached);
        self.nodes += 1;
        Ok(())
    }

    #[inline]
    fn push_string(&mut self, node: &NodeRecord) {
        let small = self.largest.peek().is_some_and(|least| node.self_size <= least.0.size);
        if small && self.largest.len() >= STRINGS {
            return;
        }
        if self.largest.len() >= STRINGS {
            self.largest.pop();
        }
        self.largest.push(Reverse(Large {
            size: node.self_size,
            node: Reverse(self.nodes),
            id: node.id,
            name: node.name,
        }));
    }

    pub(crate) fn end_nodes(&mut self) -> Result<(), GraphFault> {
        match self.size_sum > MOST_BYTES {
            true => Err(GraphFault::AbsurdSize),
            false => Ok(()),
        }
    }

    #[inline]
    pub(crate) fn push_edge(&mut self, kind: EdgeKind, name_or_index: u32, to: u32) -> Result<(), GraphFault> {
        if to >= self.nodes {
            return Err(GraphFault::UnknownTarget { to, nodes: self.nodes });
        }
        if self.edges >= self.promised_edges {
            return Err(GraphFault::SurplusEdge(u64::from(self.promised_edges)));
        }
        if !kind.is_numbered()
            && self
                .highest_edge_name
                .is_none_or(|(highest, _)| name_or_index > highest)
        {
            self.highest_edge_name = Some((name_or_index, self.edges));
        }
        self.edge_kinds[kind as usize] += 1;
        self.edges += 1;
        Ok(())
    }

    pub(crate) fn node_count(&self) -> u32 {
        self.nodes
    }

    pub(crate) fn edge_count(&self) -> u32 {
        self.edges
    }

    pub(crate) fn promised_edges(&self) -> u32 {
        self.promised_edges
    }

    /// Whole texts so far.
    pub(crate) fn text_count(&self) -> u64 {
        self.texts.as_ref().map_or(0, PassingTexts::count)
    }

    /// Where the texts go, when no more nodes will come.
    pub(crate) fn texts(&mut self) -> &mut PassingTexts {
        let (names, largest) = (&self.names, &self.largest);
        self.texts.get_or_insert_with(|| {
            let mut wanted: Vec<u32> = shown(names).into_keys().collect();
            wanted.extend(largest.iter().map(|large| large.0.name));
            PassingTexts::new(wanted)
        })
    }

    /// The sums. With `partial`, edges and texts may be missing.
    pub(crate) fn finish(mut self, partial: bool) -> Result<HeapSummary, GraphFault> {
        self.end_nodes()?;
        self.texts();
        let texts = self.texts.take().unwrap_or_default();
        if !partial {
            self.check_names(texts.count())?;
        }
        let mut names: Vec<NameTotal> = shown(&self.names)
            .into_iter()
            .map(|(name, sum)| NameTotal {
                name: texts.text(StringIndex(name)),
                count: sum.count,
                shallow_size: sum.size,
                missed: sum.missed,
            })
            .collect();
        let kinds = self.kind_totals();
        names.extend(self.kinds_as_names());
        names.sort_by(|a, b| {
            let by_size = b.shallow_size.cmp(&a.shallow_size);
            by_size.then(b.count.cmp(&a.count)).then_with(|| a.name.cmp(&b.name))
        });
        Ok(HeapSummary {
            nodes: u64::from(self.nodes),
            edges: u64::from(self.edges),
            shallow_size: self.size_sum,
            extra_native_bytes: self.extra_native_bytes,
            detached: self.detached,
            strings: self.string_total(),
            kinds,
            edge_kinds: EdgeKind::all()
                .zip(self.edge_kinds)
                .filter(|&(_, count)| count > 0)
                .collect(),
            names,
            approximate: self.names.is_approximate(),
            largest_strings: self
                .largest
                .into_sorted_vec()
                .into_iter()
                .map(|Reverse(large)| LargeString {
                    id: SnapshotObjectId(large.id),
                    shallow_size: large.size,
                    text: texts.text(StringIndex(large.name)),
                })
                .collect(),
            texts: texts.count(),
            text_bytes: texts.bytes(),
        })
    }

    /// What the reader of the whole graph checks one by one.
    fn check_names(&self, strings: u64) -> Result<(), GraphFault> {
        let unknown = |highest: Option<(u32, u32)>| highest.filter(|&(name, _)| u64::from(name) >= strings);
        if self.edges < self.promised_edges {
            return Err(GraphFault::MissingEdges {
                found: u64::from(self.edges),
                promised: u64::from(self.promised_edges),
            });
        }
        if let Some((name, node)) = unknown(self.highest_node_name) {
            return Err(GraphFault::UnknownNodeName { node, name, strings });
        }
        match unknown(self.highest_edge_name) {
            Some((name, edge)) => Err(GraphFault::UnknownEdgeName {
                edge: u64::from(edge),
                name,
                strings,
            }),
            None => Ok(()),
        }
    }

    fn sums(&self) -> impl Iterator<Item = (NodeKind, KindSum)> + '_ {
        let kinds = (0..).zip(self.kinds).filter(|(_, sum)| sum.count > 0);
        kinds.map(|(number, sum)| (NodeKind::unnamed(number), sum))
    }

    fn kind_totals(&self) -> Vec<KindTotal> {
        let mut totals: Vec<KindTotal> = self
            .sums()
            .map(|(kind, sum)| KindTotal {
                name: self.kind_names.name(kind).to_owned(),
                count: sum.count,
                shallow_size: sum.size,
            })
            .collect();
        totals.sort_by_key(|total| (Reverse(total.shallow_size), Reverse(total.count)));
        totals
    }

    /// What is not called by its constructor.
    fn kinds_as_names(&self) -> Vec<NameTotal> {
        let others = self
            .sums()
            .filter(|(kind, sum)| *kind != NodeKind::OBJECT && *kind != NodeKind::NATIVE && sum.sized > 0);
        others
            .map(|(kind, sum)| NameTotal {
                name: kind.group_name(self.kind_names.name(kind)).into_owned(),
                count: sum.sized,
                shallow_size: sum.size,
                missed: 0,
            })
            .collect()
    }

    fn string_total(&self) -> KindTotal {
        let kinds = [NodeKind::STRING, NodeKind::CONS_STRING, NodeKind::SLICED_STRING];
        let sums = kinds.map(|kind| self.kinds[kind.number()]);
        KindTotal {
            name: "string".to_owned(),
            count: sums.iter().map(|sum| sum.count).sum(),
            shallow_size: sums.iter().map(|sum| sum.size).sum(),
        }
    }
}

/// The names that are shown, in no order.
fn shown(names: &HeavyNames) -> HashMap<u32, NameSum> {
    let mut sums: Vec<(u32, NameSum)> = names.sums().collect();
    let mut shown = HashMap::new();
    let mut take = |key: fn(&NameSum) -> u64| {
        sums.sort_unstable_by_key(|(name, sum)| (Reverse(key(sum)), *name));
        shown.extend(sums.iter().take(NAMES).copied());
    };
    take(|sum| sum.size);
    take(|sum| sum.count);
    shown
}
