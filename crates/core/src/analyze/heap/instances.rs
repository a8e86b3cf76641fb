//! The objects of each class, for all classes at once: what an index has, so that the objects of one need not be looked for.

use super::class_names::{ClassIndex, Classes};
use super::classes::is_counted;
use crate::model::heap::{Column, HeapGraph, Load, NodeIndex, Store};

/// 4 bytes per object.
#[derive(Debug)]
pub(super) struct Instances {
    first: Column<u32>,
    nodes: Column<u32>,
}

impl Instances {
    /// The objects that have bytes of their own, those of each class in an order. Nearly linear in nodes.
    pub(super) fn new<K: Ord>(graph: &HeapGraph, classes: &Classes, order: impl Fn(NodeIndex) -> K) -> Instances {
        let nodes = || graph.nodes().zip(classes.of_node.iter());
        let counted = || nodes().filter(|&(node, _)| is_counted(graph, node));
        let mut first = vec![0u32; classes.keys.len() + 1];
        for (_, &class) in counted() {
            first[class as usize] += 1;
        }
        let mut sum = 0;
        for slot in &mut first {
            // The end of each list; filling moves it to the beginning.
            sum += *slot;
            *slot = sum;
        }
        let mut nodes = vec![0u32; sum as usize];
        for (node, &class) in counted() {
            let place = &mut first[class as usize];
            *place -= 1;
            nodes[*place as usize] = node.0;
        }
        for bounds in first.windows(2) {
            let list = nodes
                .get_mut(bounds[0] as usize..bounds[1] as usize)
                .unwrap_or_default();
            list.sort_by_cached_key(|&node| order(NodeIndex(node)));
        }
        Instances {
            first: first.into(),
            nodes: nodes.into(),
        }
    }

    /// The objects of a class.
    pub(super) fn of(&self, class: ClassIndex) -> &[u32] {
        let at = class.0 as usize;
        match self.first.get(at..at.saturating_add(2)) {
            Some(&[start, end]) => self.nodes.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        store.column("inst1st", &self.first);
        store.column("inst", &self.nodes);
    }

    pub(super) fn load(load: &Load, classes: usize) -> Option<Instances> {
        Some(Instances {
            first: load.column_of("inst1st", classes + 1)?,
            nodes: load.column("inst")?,
        })
    }
}
