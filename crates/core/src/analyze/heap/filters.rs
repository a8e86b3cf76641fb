//! The class table of a part of the heap: DevTools' filters.

use super::bits::Bits;
use super::classes::{is_counted, rows, ClassRow, Totals};
use super::distances::NONE;
use super::duplicates::DuplicatedString;
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{Edge, HeapGraph, NodeIndex, NodeKind, SnapshotObjectId, StringIndex};
use crate::Result;

/// Which objects a class table is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClassFilter {
    /// Those with an id above `after` and not above `until`: made between two snapshots of one process.
    AllocatedBetween {
        /// The highest id of the earlier snapshot, 0 for the beginning of time.
        after: SnapshotObjectId,
        /// The highest id of the later snapshot.
        until: SnapshotObjectId,
    },
    /// Strings that are there more than once.
    DuplicatedStrings,
    /// What only detached objects of the embedder keep alive.
    RetainedByDetachedDom,
    /// What only the console of DevTools keeps alive.
    RetainedByConsole,
    /// What only captured variables keep alive.
    RetainedByContexts,
    /// What only event handlers of a page keep alive.
    RetainedByEventHandlers,
}

impl HeapAnalysis {
    /// What [`Asking::classes_filtered`](super::Asking::classes_filtered) answers.
    pub(super) fn find_classes(&self, filter: ClassFilter, options: &AnalysisOptions<'_>) -> Result<Vec<ClassRow>> {
        if filter == ClassFilter::DuplicatedStrings
            && let Some(rows) = self.later.duplicate_classes.get()
        {
            return Ok(rows.clone());
        }
        let passing = self.passing(filter, options)?;
        options.check()?;
        let rows = self.classes_among(&passing);
        options.check()?;
        Ok(rows)
    }

    /// The class table of some nodes. Linear in nodes.
    pub(super) fn classes_among(&self, passing: &Bits) -> Vec<ClassRow> {
        let mut totals = vec![Totals::EMPTY; self.classes.keys.len()];
        let mut place = 0;
        self.tree().preorder(|node, subtree| {
            if passing.has(node) && is_counted(&self.graph, NodeIndex(node)) {
                let index = NodeIndex(node);
                let (size, retained) = (self.graph.self_size(index), self.retained_size(index));
                if let Some(totals) = totals.get_mut(self.class(index).0 as usize) {
                    totals.add(place, subtree, size, retained, self.distance(index));
                }
            }
            place += 1;
        });
        rows(&self.graph, &self.classes, &totals)
    }

    fn passing(&self, filter: ClassFilter, options: &AnalysisOptions<'_>) -> Result<Bits> {
        let graph = &self.graph;
        Ok(match filter {
            ClassFilter::AllocatedBetween { after, until } => {
                self.those(|node| graph.id(node) > after && graph.id(node) <= until)
            }
            ClassFilter::DuplicatedStrings => self.holders_of(&self.find_duplicated_strings(options)?),
            ClassFilter::RetainedByDetachedDom => self.lost_without(options, |_, edge| self.detached.has(edge.to)),
            ClassFilter::RetainedByConsole => self.lost_without(options, |from, edge| {
                let named = !edge.kind().is_numbered();
                let name = || graph.strings().bytes(StringIndex(edge.packed_name()));
                graph.kind(NodeIndex(from)) == NodeKind::SYNTHETIC && named && name().ends_with(b" / DevTools console")
            }),
            ClassFilter::RetainedByContexts => {
                let contexts = self.those(|node| is_context(graph.name_bytes(node)));
                self.lost_without(options, |_, edge| contexts.has(edge.to))
            }
            ClassFilter::RetainedByEventHandlers => {
                let mut handlers = Bits::new(graph.node_count() as usize);
                for node in graph
                    .nodes()
                    .filter(|&node| graph.name_bytes(node) == b"V8EventListener")
                {
                    if let Some(handler) = handler(graph, node) {
                        handlers.add(handler.0);
                    }
                }
                self.lost_without(options, |_, edge| handlers.has(edge.to))
            }
        })
    }

    /// The strings of such rows.
    pub(super) fn holders_of(&self, rows: &[DuplicatedString]) -> Bits {
        let mut found = Bits::new(self.graph.node_count() as usize);
        for node in rows.iter().flat_map(|row| &row.nodes) {
            found.add(node.0);
        }
        found
    }

    fn those(&self, wanted: impl Fn(NodeIndex) -> bool) -> Bits {
        let mut found = Bits::new(self.graph.node_count() as usize);
        for node in self.graph.nodes().filter(|&node| wanted(node)) {
            found.add(node.0);
        }
        found
    }

    /// Nodes that the root no longer reaches when `refused` edges are gone.
    fn lost_without(&self, options: &AnalysisOptions<'_>, refused: impl Fn(u32, Edge) -> bool) -> Bits {
        let graph = &self.graph;
        let mut reached = Bits::new(graph.node_count() as usize);
        let mut open = vec![graph.root().0];
        reached.add(graph.root().0);
        while let Some(node) = open.pop().filter(|_| options.check().is_ok()) {
            for &edge in graph.edges_of(node as usize) {
                let follow = !edge.is_weak() && !reached.has(edge.to) && !refused(node, edge);
                if follow && reached.add(edge.to) {
                    open.push(edge.to);
                }
            }
        }
        self.those(|node| !reached.has(node.0) && self.distance(node) != NONE)
    }
}

fn is_context(name: &[u8]) -> bool {
    name.strip_prefix(b"system / Context")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b" / "))
}

/// What a listener calls: its callback, or the first thing below that has code.
fn handler(graph: &HeapGraph, listener: NodeIndex) -> Option<NodeIndex> {
    let callback = graph.edges(listener).find(|edge| graph.edge_name(edge) == "1")?.to;
    let has_code = |node: NodeIndex| {
        // Of whatever type, as DevTools has it: also a property of this name.
        graph.edges(node).any(|edge| graph.edge_name(&edge) == "code")
    };
    if has_code(callback) {
        return Some(callback);
    }
    let below = graph.edges(callback).map(|edge| edge.to).find(|&node| has_code(node));
    below.or(Some(callback))
}
