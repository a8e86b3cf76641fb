//! An analysis into a file.

use std::io::Write;

use super::super::classes::numbers_of;
use super::super::duplicates::Duplicates;
use super::super::instances::Instances;
use super::super::retainers::Retainers;
use super::super::roots::passing_roots;
use super::super::tree::DominatorTree;
use super::super::{AnalysisOptions, HeapAnalysis};
use super::{layout, SnapshotStamp};
use crate::model::heap::{NodeIndex, Store};
use crate::model::Bytes;
use crate::{Error, Result};

/// Lists that are longer are sorted here, others when they are asked for.
pub(super) const SHORT: usize = 256;
/// Bytes written at once.
const PIECE: usize = 1 << 20;

impl HeapAnalysis {
    /// Phases that [`AnalysisOptions::timing`] hears of while an index is written, at most.
    pub const INDEX_PHASES: u64 = 5;

    /// Writes all that was computed, and what most questions need besides, so that [`HeapIndex::open`](super::HeapIndex::open)
    /// answers them at once. `stamp` is of the snapshot; `note` comes back as it is. Returns how long the file is: some 1.3
    /// times the graph and the analysis. Nearly linear in nodes and edges.
    ///
    /// # Errors
    ///
    /// [`Error::Sink`] when the sink fails, [`Error::Cancelled`]; on a big-endian machine, whose columns lie in memory in
    /// another way, [`Error::Sink`] too.
    pub fn write_index(
        &self,
        stamp: SnapshotStamp,
        note: &str,
        sink: &mut dyn Write,
        options: &AnalysisOptions<'_>,
    ) -> Result<u64> {
        if cfg!(target_endian = "big") {
            return Err(sink_error(0, std::io::ErrorKind::Unsupported.into()));
        }
        let mut retainers = options.timed("index: retainers", || Retainers::new(&self.graph));
        retainers.sort_long_by_key(SHORT, |retainers, edge| {
            self.distance(retainers.source(&self.graph, edge))
        });
        options.check()?;
        let mut tree = DominatorTree::new(&self.dominators, self.graph.root().0);
        tree.sort_long_by_key(SHORT, |node| self.by_size(NodeIndex(node)));
        // Where there is none yet, this is the one.
        let again = self.later.tree.set(tree).err();
        let tree = again.as_ref().unwrap_or_else(|| self.tree());
        options.check()?;
        let instances = options.timed("index: instances", || {
            Instances::new(&self.graph, &self.classes, |node| self.by_size(node))
        });
        let duplicates = options.timed("index: strings", || self.find_duplicated_strings(options))?;
        let duplicate_classes = self.classes_among(&self.holders_of(&duplicates));
        let duplicates = Duplicates::new(&self.graph, &duplicates);
        let passing = passing_roots(&self.graph);
        let lasting: &[i32] = match passing.iter().all(Vec::is_empty) {
            true => &[],
            false => options.timed("index: distances", || self.lasting(&passing)),
        };
        options.check()?;
        let mut store = Store::default();
        store.column("lasting", lasting);
        retainers.store(&mut store);
        tree.store(&mut store);
        instances.store(&mut store);
        duplicates.store(&mut store);
        store.made("duprow", &numbers_of(&duplicate_classes));
        self.store(&mut store, note)
            .map_err(|error| sink_error(0, error.into()))?;
        options.timed("index: writing", || write(&store, stamp, sink, options))
    }

    fn store<'a>(&'a self, store: &mut Store<'a>, note: &str) -> serde_json::Result<()> {
        self.graph.store(store)?;
        store.column("doms", &self.dominators);
        store.column("retained", &self.retained);
        store.column("distance", &self.distances);
        store.column("classes", &self.classes.of_node);
        store.column("detached", self.detached.words());
        store.value("keys", &(&self.classes.keys, &self.classes.made))?;
        store.value("known", &self.known)?;
        store.value("shapes", &self.interfaces)?;
        store.made("rows", &numbers_of(&self.rows));
        store.value("stats", &self.statistics())?;
        store.value("scripts", self.places())?;
        store.value("note", &note)
    }
}

fn write(store: &Store<'_>, stamp: SnapshotStamp, sink: &mut dyn Write, options: &AnalysisOptions<'_>) -> Result<u64> {
    let (head, length) = layout::head(store, stamp);
    let mut written = 0;
    let bodies = store.sections.iter().map(|section| &*section.bytes);
    for bytes in std::iter::once(&*head).chain(bodies) {
        for piece in bytes.chunks(PIECE) {
            options.check()?;
            sink.write_all(piece).map_err(|source| sink_error(written, source))?;
            written += piece.len();
        }
        let padding = vec![0; layout::padded(written) - written];
        sink.write_all(&padding).map_err(|source| sink_error(written, source))?;
        written += padding.len();
    }
    Ok(length)
}

fn sink_error(written: usize, source: std::io::Error) -> Error {
    Error::Sink {
        offset: Bytes::from_bytes(written as u64),
        source,
    }
}
