//! The section `snapshot`: which columns nodes and edges have, and what their types are called.

use serde_json::Value;

use super::Step;

/// Bytes that the section may have; V8 writes some 1 500.
pub(super) const LONGEST: usize = 65_536;

/// Names of node types whose nodes bear names, not contents.
const NAMED_NODES: [&str; 9] = [
    "hidden",
    "array",
    "object",
    "code",
    "closure",
    "native",
    "synthetic",
    "object shape",
    "wasm object",
];

/// The columns of a section whose records have a type and a name.
#[derive(Debug, Clone)]
pub(super) struct Columns<K> {
    pub(super) stride: usize,
    /// Comes before the name, so that a name can be judged where it stands.
    pub(super) kind: usize,
    pub(super) name: usize,
    pub(super) records: u64,
    kinds: Vec<K>,
}

impl<K: Copy + Default> Columns<K> {
    /// What a type code stands for; the default when the header does not name it.
    pub(super) fn kind_of(&self, code: u64) -> K {
        let kind = usize::try_from(code).ok().and_then(|code| self.kinds.get(code));
        kind.copied().unwrap_or_default()
    }
}

/// What the number of a node's name is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Contents, or nothing known: it is no reason to let the string stay.
    #[default]
    Contents,
    /// The name of a class, a function, a file or a structure of V8.
    Named,
}

/// What the number of an edge's name is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum EdgeKind {
    /// A number, or nothing known.
    #[default]
    Other,
    /// A number that may be an integer key.
    Element,
    /// A string that may be a key.
    Property,
    /// A string that is a name.
    Named,
}

/// What the header says.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) nodes: Columns<NodeKind>,
    pub(super) edges: Columns<EdgeKind>,
    /// Fields of `trace_function_infos`: how many, and which are strings.
    pub(super) traces: Option<(usize, Vec<usize>)>,
    /// No index of a string can be larger: each is used by a record.
    pub(super) most_strings: u64,
}

impl Layout {
    /// Reads the object.
    pub(super) fn parse(text: &[u8]) -> Step<Layout> {
        let header: Value = serde_json::from_slice(text).map_err(|_| "the header is not JSON")?;
        let meta = header.get("meta").ok_or("the header has no meta")?;
        let count = |name| header.get(name).and_then(Value::as_u64);
        let (Some(nodes), Some(edges)) = (count("node_count"), count("edge_count")) else {
            return Err("the header has no node_count or no edge_count");
        };
        let traces = fields(meta, "trace_function_info_fields").map(|fields| {
            let strings = ["name", "script_name"];
            let columns = strings.iter().filter_map(|name| position(&fields, name)).collect();
            (fields.len(), columns)
        });
        let trace_strings = count("trace_function_count").unwrap_or(0).saturating_mul(2);
        let most_strings = nodes.saturating_add(edges).saturating_add(trace_strings);
        Ok(Layout {
            nodes: columns(meta, "node", "name", nodes, |kind| match NAMED_NODES.contains(&kind) {
                true => NodeKind::Named,
                false => NodeKind::Contents,
            })?,
            edges: columns(meta, "edge", "name_or_index", edges, |kind| match kind {
                "element" => EdgeKind::Element,
                "property" => EdgeKind::Property,
                "context" | "internal" | "shortcut" | "weak" => EdgeKind::Named,
                _ => EdgeKind::Other,
            })?,
            traces,
            most_strings: most_strings.saturating_add(1),
        })
    }
}

fn columns<K>(
    meta: &Value,
    section: &str,
    name: &str,
    records: u64,
    kind_named: impl Fn(&str) -> K,
) -> Step<Columns<K>> {
    const INCOMPLETE: &str = "the header does not name the fields of nodes or edges, or their types";
    let fields = fields(meta, &format!("{section}_fields")).ok_or(INCOMPLETE)?;
    let (Some(kind), Some(name)) = (position(&fields, "type"), position(&fields, name)) else {
        return Err(INCOMPLETE);
    };
    if kind > name {
        return Err("the type of a node or an edge comes after its name");
    }
    let types = meta.get(format!("{section}_types")).and_then(|types| types.get(kind));
    let types = types.and_then(Value::as_array).ok_or(INCOMPLETE)?;
    let kinds = types.iter().map(|name| name.as_str().map(&kind_named));
    Ok(Columns {
        stride: fields.len(),
        kind,
        name,
        records,
        kinds: kinds.collect::<Option<Vec<K>>>().ok_or(INCOMPLETE)?,
    })
}

fn fields<'a>(meta: &'a Value, name: &str) -> Option<Vec<&'a str>> {
    let fields = meta.get(name)?.as_array()?;
    let fields: Option<Vec<&str>> = fields.iter().map(Value::as_str).collect();
    fields.filter(|fields| !fields.is_empty())
}

fn position(fields: &[&str], name: &str) -> Option<usize> {
    fields.iter().position(|field| *field == name)
}

/// Whether a byte may stand in a text of the header. It is passed on as it is, so its texts may be names of fields and
/// types, which V8 writes like this, and nothing that could be more.
pub(super) fn may_hold(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, b' ' | b'_')
}

/// Whether a byte may stand in the time at which a forked snapshot was taken, which this package puts into the header. Digits
/// tell no more there than the header's numbers do.
pub(super) fn may_be_time(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'T' | b'Z')
}
