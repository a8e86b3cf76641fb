//! Answers of the core's heap analysis as JSON rows. Sizes are bytes, shares are from 0 to 1, lines and columns start at 1.

use serde_json::{json, Map, Value};

use rs_profiler_core::analyze::heap::{
    AnalysisOptions, ClassFilter, ClassIndex, ClassRow, HeapAnalysis, Retainer, ScriptPlace,
};
use rs_profiler_core::model::heap::{AllocationFrame, EdgeKind, NodeIndex, SnapshotObjectId, SourceLocation};

use crate::error::{Error, Result};
use crate::heap::Opened;
use crate::input::error_of;
use crate::task::{limit_of, State};

/// Objects named per duplicated string.
const NAMED: usize = 10;
/// Trees are never deeper: their readers may recurse.
const DEEPEST: u64 = 64;

/// The answer to `question`; of no worth when `state` was cancelled meanwhile.
pub fn answer(
    opened: &Opened,
    base: Option<&HeapAnalysis>,
    question: &str,
    options: &Value,
    state: &State,
) -> Result<Value> {
    let analysis = &opened.analysis;
    let asking = analysis.asking(AnalysisOptions {
        cancel: Some(state.cancelled()),
        timing: None,
    });
    let rows = Rows { analysis, state };
    let limit = limit_of(options)?;
    let failed = |error| error_of(error, state);
    Ok(match question {
        "summary" => summary(opened),
        "statistics" => statistics(analysis),
        "classes" => match class_filter(options)? {
            None => rows.classes(analysis.classes(), limit),
            Some(filter) => rows.classes(&asking.classes_filtered(filter).map_err(failed)?, limit),
        },
        "suspects" => {
            let suspects = asking.suspects(base).map_err(failed)?;
            let suspects = state.wanted(suspects.into_iter(), limit);
            suspects.map(|suspect| rows.suspect(suspect)).collect()
        }
        "compare" => {
            let base = base.ok_or_else(|| Error::InvalidArgument("A comparison needs a base.".to_owned()))?;
            let found = asking.compare(base).map_err(failed)?;
            rows.comparison(base, &found, limit)
        }
        "node" => rows.node(rows.wanted(options)?).into(),
        "dominated" => {
            let nodes = analysis.dominated(rows.wanted(options)?);
            rows.nodes(nodes, limit)
        }
        "retainers" => {
            let found = analysis.retainers(rows.wanted(options)?);
            let found = state.wanted(found.into_iter(), limit);
            found.map(|retainer| rows.retainer(&retainer)).collect()
        }
        "retainingPath" => {
            let path = analysis.retaining_path(rows.wanted(options)?);
            path.into_iter().map(|retainer| rows.retainer(&retainer)).collect()
        }
        "allocationStack" => {
            let frames = analysis.graph().allocation_stack(rows.wanted(options)?);
            frames.iter().map(allocation_frame).collect()
        }
        "instances" => {
            let nodes = rows.instances(options)?;
            rows.nodes(nodes, limit)
        }
        "duplicatedStrings" => {
            let row = |row: rs_profiler_core::analyze::heap::DuplicatedString| {
                let ids = row.nodes.iter().take(NAMED);
                json!({
                    "text": row.text, "count": row.nodes.len(),
                    "shallowSize": row.shallow_size, "retainedSize": row.retained_size,
                    "ids": ids.map(|&node| analysis.graph().id(node).0).collect::<Vec<_>>(),
                })
            };
            let found = asking.duplicated_strings().map_err(failed)?;
            state.wanted(found.into_iter(), limit).map(row).collect()
        }
        "dominatorTree" => {
            let root = match options["id"].is_null() {
                true => analysis.graph().root(),
                false => rows.wanted(options)?,
            };
            let share = options["leastShare"].as_f64().unwrap_or(0.001);
            let least = (analysis.total_size() as f64 * share).ceil() as u64;
            let deepest = options["deepest"].as_u64().unwrap_or(DEEPEST).min(DEEPEST);
            rows.tree(root, least, deepest).into()
        }
        other => return Err(Error::InvalidArgument(format!("There is no question {other:?}."))),
    })
}

pub(crate) fn allocation_frame(frame: &AllocationFrame) -> Value {
    json!({
        "functionName": frame.function, "url": frame.url, "lineNumber": frame.line, "columnNumber": frame.column,
    })
}

fn summary(opened: &Opened) -> Value {
    let graph = opened.analysis.graph();
    let truncation = opened.truncation.map(|cut| {
        json!({
            "section": cut.section.to_string(), "offset": cut.offset, "nodes": cut.nodes,
            "promisedNodes": cut.promised_nodes, "edges": cut.edges, "promisedEdges": cut.promised_edges,
        })
    });
    json!({
        "nodes": graph.node_count(), "edges": graph.edge_count(),
        "totalSize": opened.analysis.total_size(), "leastGrowth": opened.analysis.least_growth(), "textBytes": opened.text_length,
        "classes": opened.analysis.classes().len(), "truncation": truncation,
    })
}

fn statistics(analysis: &HeapAnalysis) -> Value {
    let found = analysis.statistics();
    json!({
        "total": found.total,
        "native": { "total": found.native_total, "typedArrays": found.typed_arrays },
        "v8heap": {
            "total": found.v8_heap_total, "code": found.code, "jsArrays": found.js_arrays,
            "strings": found.strings, "system": found.system,
        },
    })
}

/// DevTools' filter of the class table that `options.filter` names.
fn class_filter(options: &Value) -> Result<Option<ClassFilter>> {
    let Some(name) = options["filter"].as_str() else {
        return Ok(None);
    };
    Ok(Some(match name {
        "duplicatedStrings" => ClassFilter::DuplicatedStrings,
        "retainedByDetachedDom" => ClassFilter::RetainedByDetachedDom,
        "retainedByConsole" => ClassFilter::RetainedByConsole,
        "retainedByContexts" => ClassFilter::RetainedByContexts,
        "retainedByEventHandlers" => ClassFilter::RetainedByEventHandlers,
        other => return Err(Error::InvalidArgument(format!("There is no filter {other:?}."))),
    }))
}

pub(crate) struct Rows<'a> {
    pub(crate) analysis: &'a HeapAnalysis,
    pub(crate) state: &'a State,
}

impl Rows<'_> {
    pub(crate) fn id(&self, node: NodeIndex) -> u32 {
        self.analysis.graph().id(node).0
    }

    /// The node that `options.id` names.
    fn wanted(&self, options: &Value) -> Result<NodeIndex> {
        let id = options["id"].as_u64().and_then(|id| u32::try_from(id).ok());
        id.and_then(|id| self.analysis.node_by_id(SnapshotObjectId(id)))
            .ok_or_else(|| Error::InvalidArgument(format!("The snapshot has no node with the id {}.", options["id"])))
    }

    /// The objects of the class that `options.class` names, by its `id` or by its name.
    fn instances(&self, options: &Value) -> Result<Vec<NodeIndex>> {
        let classes = self.analysis.classes();
        let wanted: Vec<&ClassRow> = match (options["class"].as_u64(), options["class"].as_str()) {
            (Some(id), _) => classes.iter().filter(|row| u64::from(row.class.0) == id).collect(),
            (_, Some(name)) => classes.iter().filter(|row| row.name == name).collect(),
            _ => Vec::new(),
        };
        if wanted.is_empty() {
            let name = &options["class"];
            return Err(Error::InvalidArgument(format!(
                "The snapshot has no objects of the class {name}."
            )));
        }
        let mut found: Vec<NodeIndex> = wanted
            .iter()
            .flat_map(|row| self.analysis.instances(row.class))
            .collect();
        found.sort_by_key(|&node| (std::cmp::Reverse(self.analysis.retained_size(node)), node));
        Ok(found)
    }

    fn class_name(&self, class: ClassIndex) -> Value {
        self.analysis.class_name(class).into()
    }

    fn nodes(&self, nodes: Vec<NodeIndex>, limit: usize) -> Value {
        let nodes = self.state.wanted(nodes.into_iter(), limit);
        nodes.map(|node| self.node(node)).collect()
    }

    pub(crate) fn node(&self, node: NodeIndex) -> Map<String, Value> {
        let object = self.analysis.object(node);
        let graph = self.analysis.graph();
        let mut row = Map::new();
        row.insert("id".into(), object.id.0.into());
        row.insert("name".into(), object.name.into());
        row.insert("type".into(), graph.kind_name(object.kind).into());
        row.insert("className".into(), self.class_name(object.class));
        row.insert("distance".into(), object.distance.into());
        row.insert("shallowSize".into(), object.shallow_size.into());
        row.insert("retainedSize".into(), object.retained_size.into());
        row.insert("detached".into(), object.detached.into());
        row.insert("place".into(), self.place(object.location));
        row
    }

    pub(crate) fn place(&self, location: Option<SourceLocation>) -> Value {
        location
            .and_then(|location| self.analysis.place(location))
            .map_or(Value::Null, |found| place(&found))
    }

    fn retainer(&self, retainer: &Retainer) -> Map<String, Value> {
        let mut row = self.node(retainer.from);
        row.insert("edgeType".into(), edge_type(retainer.edge.kind));
        row.insert(
            "edgeName".into(),
            self.analysis.graph().edge_name(&retainer.edge).into(),
        );
        row.insert("toId".into(), self.id(retainer.edge.to).into());
        row
    }

    fn classes(&self, rows: &[ClassRow], limit: usize) -> Value {
        let row = |row: &ClassRow| {
            json!({
                "id": row.class.0, "name": row.name, "count": row.count, "shallowSize": row.shallow_size,
                "retainedSize": row.retained_size, "distance": row.distance, "place": self.place(row.location),
            })
        };
        self.state.wanted(rows.iter(), limit).map(row).collect()
    }

    /// What a node dominates, of `least` bytes at least; the rest of each node is told as a sum.
    fn tree(&self, node: NodeIndex, least: u64, deepest: u64) -> Map<String, Value> {
        let mut row = self.node(node);
        let children = self.analysis.dominated(node);
        let big = children
            .iter()
            .take_while(|&&child| deepest > 0 && self.analysis.retained_size(child) >= least);
        let big = self.state.wanted(big, usize::MAX);
        let big: Vec<Map<String, Value>> = big.map(|&child| self.tree(child, least, deepest - 1)).collect();
        row.insert("dominated".into(), children.len().into());
        row.insert("children".into(), big.into());
        row
    }
}

pub(crate) fn edge_type(kind: EdgeKind) -> Value {
    kind.name().into()
}

pub(crate) fn place(place: &ScriptPlace) -> Value {
    json!({ "url": place.url, "lineNumber": place.line, "columnNumber": place.column })
}
