//! Where functions and constructors stand, as `file:line:column`. A snapshot gives V8's number of the script; its file name
//! hangs on the functions of that script.

use std::collections::HashMap;

use crate::model::heap::{HeapGraph, NodeIndex, NodeKind, SourceLocation};

/// A place in a file. Lines and columns count from 1, as editors count. What stands in front of the text of the file, as the
/// wrapper around a module can, has the place where the text begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ScriptPlace {
    /// The file, as V8 knows it: a path, a `file:` URL or `node:internal/...`.
    pub url: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl std::fmt::Display for ScriptPlace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}:{}", self.url, self.line, self.column)
    }
}

/// File names by script number.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct ScriptPlaces {
    urls: HashMap<u32, NodeIndex>,
}

impl ScriptPlaces {
    /// Linear in the nodes that have a place.
    pub(super) fn find(graph: &HeapGraph) -> ScriptPlaces {
        let mut urls = HashMap::new();
        let locations = graph.locations();
        for &[node, place] in locations.of_nodes() {
            let node = NodeIndex(node);
            let Some(place) = locations.places().get(place as usize) else {
                continue;
            };
            if graph.kind(node) == NodeKind::CLOSURE
                && !urls.contains_key(&place.script_id)
                && let Some(url) = url_of(graph, node)
            {
                urls.insert(place.script_id, url);
            }
        }
        ScriptPlaces { urls }
    }

    pub(super) fn place(&self, graph: &HeapGraph, location: SourceLocation) -> Option<ScriptPlace> {
        let &url = self.urls.get(&location.script_id)?;
        Some(ScriptPlace {
            url: graph.name(url).into_owned(),
            line: from_one(location.line),
            column: from_one(location.column),
        })
    }
}

/// As editors count. What is below zero stands in front of the text: the text begins there for a reader.
fn from_one(from_zero: u32) -> u32 {
    u32::try_from(from_zero.cast_signed()).map_or(1, |place| place + 1)
}

/// The string with the file name of a function's script.
fn url_of(graph: &HeapGraph, closure: NodeIndex) -> Option<NodeIndex> {
    let shared = target(graph, closure, &["shared"])?;
    let script = target(graph, shared, &["script", "script_or_debug_info"])?;
    let name = target(graph, script, &["name"])?;
    (graph.kind(name) == NodeKind::STRING).then_some(name)
}

/// Where the first edge with one of these names leads.
pub(super) fn target(graph: &HeapGraph, node: NodeIndex, names: &[&str]) -> Option<NodeIndex> {
    let mut edges = graph.edges(node);
    let edge = edges.find(|edge| {
        let name = edge.name().map(|name| graph.strings().bytes(name));
        name.is_some_and(|name| names.iter().any(|wanted| wanted.as_bytes() == name))
    })?;
    Some(edge.to)
}
