//! Heap snapshots of a few nodes, written in V8's form.

use std::io::{self, Write};

use rs_profiler_core::format::heapsnapshot_redact::{KeepPattern, KeySalt, RedactOptions, RedactReport, Redactor};

/// V8's types of nodes, and one that it does not have.
pub const NODE_TYPES: [&str; 16] = [
    "hidden",
    "array",
    "string",
    "object",
    "code",
    "closure",
    "regexp",
    "number",
    "native",
    "synthetic",
    "concatenated string",
    "sliced string",
    "symbol",
    "bigint",
    "object shape",
    "of the future",
];

/// V8's types of edges.
pub const EDGE_TYPES: [&str; 7] = [
    "context", "element", "property", "internal", "hidden", "shortcut", "weak",
];

/// A graph without a shape: redaction sees types and names only.
#[derive(Debug, Clone, Default)]
pub struct Tiny {
    /// Type and index of the name.
    pub nodes: Vec<(&'static str, usize)>,
    /// Type, and index of the name or number.
    pub edges: Vec<(&'static str, usize)>,
    /// JSON texts without quotes.
    pub strings: Vec<String>,
}

impl Tiny {
    /// A node for each string; its index is returned by position.
    pub fn of_nodes(nodes: &[(&'static str, &str)]) -> Tiny {
        let mut tiny = Tiny::default();
        tiny.strings.push("<dummy>".to_string());
        for (kind, name) in nodes {
            tiny.nodes.push((kind, tiny.strings.len()));
            tiny.strings.push((*name).to_string());
        }
        tiny
    }

    /// Adds an edge named by a string, and the string if it is new.
    pub fn named(mut self, kind: &'static str, name: &str) -> Tiny {
        let index = self
            .strings
            .iter()
            .position(|string| string == name)
            .unwrap_or_else(|| {
                self.strings.push(name.to_string());
                self.strings.len() - 1
            });
        self.edges.push((kind, index));
        self
    }

    /// Adds an edge with a number.
    pub fn numbered(mut self, kind: &'static str, number: usize) -> Tiny {
        self.edges.push((kind, number));
        self
    }

    /// The text.
    pub fn text(&self) -> String {
        let quoted = |names: &[&str]| format!("[\"{}\"]", names.join("\",\""));
        let records = |records: Vec<String>| records.join(",\n");
        let code = |types: &[&str], name: &str| types.iter().position(|kind| *kind == name).unwrap();
        let nodes = self.nodes.iter().enumerate();
        let nodes = nodes.map(|(id, (kind, name))| format!("{},{name},{id},16,0", code(&NODE_TYPES, kind)));
        let edges = self.edges.iter();
        let edges = edges.map(|(kind, name)| format!("{},{name},0", code(&EDGE_TYPES, kind)));
        format!(
            "{{\"snapshot\":{{\"meta\":{{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\
             \"node_types\":[{},\"string\",\"number\",\"number\",\"number\"],\
             \"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\
             \"edge_types\":[{},\"string_or_number\",\"node\"],\
             \"trace_function_info_fields\":[\"function_id\",\"name\",\"script_name\",\"script_id\",\"line\",\"column\"]}},\
             \"node_count\":{},\"edge_count\":{},\"trace_function_count\":0}},\n\
             \"nodes\":[{}],\n\"edges\":[{}],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\
             \"locations\":[],\n\"strings\":[\"{}\"]}}",
            quoted(&NODE_TYPES),
            quoted(&EDGE_TYPES),
            self.nodes.len(),
            self.edges.len(),
            records(nodes.collect()),
            records(edges.collect()),
            self.strings.join("\",\n\""),
        )
    }
}

/// Redacts pieces of a text, which may be cut anywhere.
pub fn redact(pieces: &[&[u8]], options: RedactOptions) -> io::Result<(String, RedactReport)> {
    let mut redactor = Redactor::new(Vec::new(), options);
    for piece in pieces {
        redactor.write_all(piece)?;
    }
    let (bytes, report) = redactor.finish()?;
    Ok((String::from_utf8(bytes).unwrap(), report))
}

/// The strings of a snapshot.
pub fn strings(text: &str) -> Vec<String> {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let strings = value["strings"].as_array().unwrap();
    strings
        .iter()
        .map(|string| string.as_str().unwrap().to_string())
        .collect()
}

/// Options that hash names of properties.
pub fn with_keys(salt: u8) -> RedactOptions {
    RedactOptions {
        keys: Some(KeySalt::new([salt; 16])),
        ..RedactOptions::default()
    }
}

/// Options with one pattern.
pub fn keeping(source: &str, flags: &str) -> RedactOptions {
    RedactOptions {
        keep: vec![Box::new(KeepPattern::new(source, flags).unwrap())],
        ..RedactOptions::default()
    }
}

/// The strings of a redacted snapshot, after the placeholder.
pub fn redacted(tiny: &Tiny, options: RedactOptions) -> Vec<String> {
    let (text, _) = redact(&[tiny.text().as_bytes()], options).unwrap();
    strings(&text)[1..].to_vec()
}
