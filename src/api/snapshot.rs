//! `NativeSnapshot`: a heap snapshot, its graph, and its exports.

use std::collections::HashMap;
use std::rc::Rc;

use napi::bindgen_prelude::{Either, Result, Uint32Array};
use napi_derive::napi;

use super::export::NativeExport;
use super::target::NativeTarget;
use crate::capture::{EdgeName, HeapGraphNode, SnapshotSession};
use crate::error::Error;

/// Type, name, id, shallow size in bytes.
type NodeRow = (i32, String, u32, f64);

/// Type, name or index, node.
type EdgeRow = (i32, Either<u32, String>, NodeRow);

const OBJECT: i32 = HeapGraphNode::OBJECT;

fn row(node: HeapGraphNode<'_>) -> NodeRow {
    (node.node_type(), node.name(), node.id(), node.shallow_size() as f64)
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
    /// What V8 reported during the walk: done, total, done, total, ... Empty at the second call.
    #[napi(catch_unwind)]
    pub fn take_progress(&mut self) -> Uint32Array {
        let flat: Vec<u32> = std::mem::take(&mut self.progress)
            .into_iter()
            .flat_map(|(done, total)| [done, total])
            .collect();
        Uint32Array::new(flat)
    }

    #[napi(catch_unwind)]
    pub fn nodes_count(&self) -> Result<i32> {
        Ok(self.session.with(|snapshot| Ok(snapshot.nodes_count()))?)
    }

    #[napi(catch_unwind)]
    pub fn max_js_object_id(&self) -> Result<u32> {
        Ok(self.session.with(|snapshot| Ok(snapshot.max_js_object_id()))?)
    }

    #[napi(catch_unwind)]
    pub fn root(&self) -> Result<Option<NodeRow>> {
        Ok(self.session.with(|snapshot| Ok(snapshot.root().map(row)))?)
    }

    #[napi(catch_unwind)]
    pub fn node(&self, index: i32) -> Result<Option<NodeRow>> {
        Ok(self.session.with(|snapshot| Ok(snapshot.node(index).map(row)))?)
    }

    #[napi(catch_unwind)]
    pub fn node_by_id(&self, id: u32) -> Result<Option<NodeRow>> {
        Ok(self.session.with(|snapshot| Ok(snapshot.node_by_id(id).map(row)))?)
    }

    /// The edges of the node with this id.
    #[napi(catch_unwind)]
    pub fn children(&self, id: u32) -> Result<Vec<EdgeRow>> {
        Ok(self.session.with(|snapshot| {
            let Some(node) = snapshot.node_by_id(id) else {
                return Ok(Vec::new());
            };
            let edges = (0..node.children_count()).filter_map(|index| node.child(index));
            Ok(edges
                .map(|(edge_type, name, to)| {
                    let name = match name {
                        EdgeName::Index(index) => Either::A(index),
                        EdgeName::Name(name) => Either::B(name),
                    };
                    (edge_type, name, row(to))
                })
                .collect())
        })?)
    }

    /// JSON of `[type, name or null, count]` rows: nodes of type Object are counted by name, others by type.
    #[napi(catch_unwind)]
    pub fn histogram(&self) -> Result<String> {
        Ok(self.session.with(|snapshot| {
            let mut by_name: HashMap<Vec<u8>, u32> = HashMap::new();
            let mut by_type: HashMap<i32, u32> = HashMap::new();
            let mut name = Vec::new();
            for node in (0..snapshot.nodes_count()).filter_map(|index| snapshot.node(index)) {
                if node.node_type() != OBJECT {
                    *by_type.entry(node.node_type()).or_default() += 1;
                    continue;
                }
                name.clear();
                node.read_name(&mut name);
                match by_name.get_mut(&name) {
                    Some(count) => *count += 1,
                    None => drop(by_name.insert(name.clone(), 1)),
                }
            }
            let names = by_name
                .iter()
                .map(|(name, count)| (OBJECT, Some(String::from_utf8_lossy(name)), *count));
            let types = by_type.iter().map(|(node_type, count)| (*node_type, None, *count));
            serde_json::to_string(&names.chain(types).collect::<Vec<_>>())
                .map_err(|error| Error::Internal(error.to_string()))
        })?)
    }

    /// Makes ready to serialise.
    #[napi(catch_unwind)]
    pub fn export(&self, chunk_size: u32) -> Result<NativeExport> {
        Ok(NativeExport::new(self.session.export(chunk_size as usize)?))
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
