//! `NativeSnapshot`: a heap snapshot, its graph, and its exports.

use std::rc::Rc;

use napi::bindgen_prelude::{Either, Result, Uint32Array};
use napi_derive::napi;

use super::export::NativeExport;
use super::target::NativeTarget;
use crate::capture::{Edge, EdgeName, Node, SnapshotSession};

/// Type, name, id, shallow size in bytes.
type NodeRow = (i32, String, u32, f64);

/// Type, name or index, node.
type EdgeRow = (i32, Either<u32, String>, NodeRow);

fn node_row(node: Node) -> NodeRow {
    (node.node_type, node.name, node.id, node.shallow_size as f64)
}

fn edge_row(edge: Edge) -> EdgeRow {
    let name = match edge.name {
        EdgeName::Index(index) => Either::A(index),
        EdgeName::Name(name) => Either::B(name),
    };
    (edge.edge_type, name, node_row(edge.to))
}

/// Pairs, as a flat array.
pub(super) fn flat(progress: Vec<(u32, u32)>) -> Uint32Array {
    let flat: Vec<u32> = progress.into_iter().flat_map(|(done, total)| [done, total]).collect();
    Uint32Array::new(flat)
}

/// How many nodes there are.
#[napi(object, object_from_js = false)]
pub struct NodeCounts {
    /// Name and number. Names that are no Unicode may look alike.
    pub objects: Vec<(String, u32)>,
    /// Type and number, of what is no object.
    pub others: Vec<(i32, u32)>,
}

#[napi]
pub struct NativeSnapshot {
    session: Rc<SnapshotSession>,
    progress: Vec<(u32, u32)>,
}

impl NativeSnapshot {
    pub fn new(session: Rc<SnapshotSession>, progress: Vec<(u32, u32)>) -> Self {
        NativeSnapshot { session, progress }
    }
}

#[napi]
impl NativeSnapshot {
    /// What V8 reported during the walk: done, total, done, total, ..., up to equals. Empty at the second call.
    #[napi(catch_unwind)]
    pub fn take_progress(&mut self) -> Uint32Array {
        flat(std::mem::take(&mut self.progress))
    }

    #[napi(catch_unwind)]
    pub fn nodes_count(&self) -> Result<i32> {
        Ok(self.session.nodes_count()?)
    }

    #[napi(catch_unwind)]
    pub fn max_js_object_id(&self) -> Result<u32> {
        Ok(self.session.max_js_object_id()?)
    }

    /// A guess at the length of the text.
    #[napi(catch_unwind)]
    pub fn expected_bytes(&self) -> Result<f64> {
        Ok(self.session.expected_bytes()? as f64)
    }

    #[napi(catch_unwind)]
    pub fn root(&self) -> Result<Option<NodeRow>> {
        Ok(self.session.root()?.map(node_row))
    }

    #[napi(catch_unwind)]
    pub fn node(&self, index: i32) -> Result<Option<NodeRow>> {
        Ok(self.session.node(index)?.map(node_row))
    }

    #[napi(catch_unwind)]
    pub fn node_by_id(&self, id: u32) -> Result<Option<NodeRow>> {
        Ok(self.session.node_by_id(id)?.map(node_row))
    }

    /// The edges of the node with this id.
    #[napi(catch_unwind)]
    pub fn children(&self, id: u32) -> Result<Vec<EdgeRow>> {
        Ok(self.session.children(id)?.into_iter().map(edge_row).collect())
    }

    #[napi(catch_unwind)]
    pub fn histogram(&self) -> Result<NodeCounts> {
        let histogram = self.session.histogram()?;
        let objects = histogram.objects();
        Ok(NodeCounts {
            objects: objects
                .map(|(name, count)| (String::from_utf8_lossy(name).into_owned(), count))
                .collect(),
            others: histogram.others().collect(),
        })
    }

    /// Makes ready to serialise.
    #[napi(catch_unwind)]
    pub fn export(&self) -> Result<NativeExport> {
        Ok(NativeExport::new(self.session.export()?))
    }

    /// Writes it to a file and returns when that has its name.
    #[napi(catch_unwind)]
    pub fn write_file_sync(&self, target: &NativeTarget) -> Result<()> {
        Ok(self.session.write_file(target.take()?)?)
    }

    #[napi(catch_unwind)]
    pub fn delete(&self) {
        self.session.delete();
    }
}
