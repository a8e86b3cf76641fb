//! The sections of a graph.

use serde::{Deserialize, Serialize};

use super::{Allocations, HeapGraph, HeapStrings, KindNames, Load, Locations, SizeColumn, Store};

/// What a graph has besides its columns.
#[derive(Serialize, Deserialize)]
struct Rest {
    root: u32,
    extra_native_bytes: u64,
    has_detachedness: bool,
    has_passing_ids: bool,
    kind_names: KindNames,
}

impl HeapGraph {
    /// Adds the sections of this graph.
    pub(crate) fn store<'a>(&'a self, store: &mut Store<'a>) -> serde_json::Result<()> {
        store.column("kinds", &self.kinds);
        store.column("names", &self.names);
        store.column("ids", &self.ids);
        store.column("first", &self.first_edge);
        store.column("edges", &self.edges);
        store.column("wide", &self.wide_names);
        self.sizes.store(store);
        self.locations.store(store);
        self.allocations.store(store);
        self.strings.store(store, ["text", "textends", "textwrap"]);
        let rest = Rest {
            root: self.root,
            extra_native_bytes: self.extra_native_bytes,
            has_detachedness: self.has_detachedness,
            has_passing_ids: self.has_passing_ids,
            kind_names: self.kind_names.clone(),
        };
        store.value("graph", &rest)
    }

    /// The graph of such sections. `None` when one is missing or does not fit the others.
    pub(crate) fn load(load: &Load) -> Option<HeapGraph> {
        let rest: Rest = load.value("graph")?;
        let names = load.column("names")?;
        let nodes = names.len();
        let edges = load.column("edges")?;
        if u32::try_from(nodes + 1).is_err() || u32::try_from(edges.len()).is_err() {
            return None;
        }
        Some(HeapGraph {
            kinds: load.column_of("kinds", nodes)?,
            names,
            ids: load.column_of("ids", nodes)?,
            sizes: SizeColumn::load(load, nodes)?,
            first_edge: load.column_of("first", nodes + 1)?,
            edges,
            wide_names: load.column("wide")?,
            locations: Locations::load(load)?,
            allocations: Allocations::load(load)?,
            strings: HeapStrings::load(load, ["text", "textends", "textwrap"])?,
            kind_names: rest.kind_names,
            root: rest.root,
            extra_native_bytes: rest.extra_native_bytes.min(super::MOST_BYTES),
            has_detachedness: rest.has_detachedness,
            has_passing_ids: rest.has_passing_ids,
        })
    }
}
