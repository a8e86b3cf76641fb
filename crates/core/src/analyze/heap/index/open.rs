//! A file into an analysis.

use super::super::bits::Bits;
use super::super::class_names::Classes;
use super::super::classes::rows_of;
use super::super::duplicates::Duplicates;
use super::super::instances::Instances;
use super::super::later::Later;
use super::super::retainers::Retainers;
use super::super::tree::DominatorTree;
use super::super::HeapAnalysis;
use super::{layout, IndexFault, SnapshotStamp};
use crate::model::heap::{HeapGraph, Load, SharedBytes};

/// An analysis that was written, and what whoever wrote it had to say.
///
/// ```
/// use std::sync::Arc;
/// use rs_profiler_core::analyze::heap::{HeapIndex, IndexFault, SnapshotStamp};
/// let stamp = SnapshotStamp { length: 5, modified_ns: 7 };
/// let found = HeapIndex::open(&(Arc::new(*b"something else") as _), stamp);
/// assert_eq!(found.err(), Some(IndexFault::NoIndex));
/// ```
#[derive(Debug)]
pub struct HeapIndex {
    /// The analysis. Its columns are parts of the bytes; its answers are those of the one that was written.
    pub analysis: HeapAnalysis,
    /// The note.
    pub note: String,
}

impl HeapIndex {
    /// Opens the index in `bytes`, which must lie at a multiple of 8, as mapped files do, and stay what they are. Takes time
    /// for what is small: the classes, and a bit per node.
    ///
    /// # Errors
    ///
    /// All of [`IndexFault`].
    pub fn open(bytes: &SharedBytes, stamp: SnapshotStamp) -> Result<HeapIndex, IndexFault> {
        let load = layout::sections(bytes, stamp)?;
        let damaged = IndexFault::Damaged("a section is missing, or does not fit the others");
        let note = load.value("note").ok_or(damaged)?;
        let analysis = HeapAnalysis::load(&load).ok_or(damaged)?;
        Ok(HeapIndex { analysis, note })
    }
}

impl HeapAnalysis {
    fn load(load: &Load) -> Option<HeapAnalysis> {
        let graph = HeapGraph::load(load)?;
        let nodes = graph.node_count() as usize;
        let (keys, made) = load.value("keys")?;
        let classes = Classes {
            keys,
            made,
            of_node: load.column_of("classes", nodes)?,
        };
        let later = Later::default();
        // Each of these is set once.
        let _new = later.statistics.set(load.value("stats")?);
        let _new = later.places.set(load.value("scripts")?);
        let _new = later.retainers.set(Retainers::load(load, &graph)?);
        let _new = later.tree.set(DominatorTree::load(load, nodes, graph.root().0)?);
        let _new = later.instances.set(Instances::load(load, classes.keys.len())?);
        let _new = later.duplicates.set(Duplicates::load(load)?);
        let lasting = load.column("lasting")?;
        match lasting.len() {
            0 => {}
            length if length == nodes => {
                let _new = later.lasting.set(lasting);
            }
            _ => return None,
        }
        let rows = rows_of(&graph, &classes, &load.column("rows")?);
        let duplicates = rows_of(&graph, &classes, &load.column("duprow")?);
        let _new = later.duplicate_classes.set(duplicates);
        Some(HeapAnalysis {
            known: load.value("known")?,
            dominators: load.column_of("doms", nodes)?,
            retained: load.column_of("retained", nodes)?,
            distances: load.column_of("distance", nodes)?,
            detached: Bits::of_words(load.column_of("detached", nodes.div_ceil(64))?.to_vec()),
            interfaces: load.value("shapes")?,
            rows,
            classes,
            graph,
            later,
        })
    }
}
