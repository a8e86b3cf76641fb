//! The section `snapshot`: what the file says of its fields, types and counts.

use serde::Deserialize;

use super::fault::{Fault, Outcome};
use super::input::Input;
use super::json_text;
use crate::model::heap::MOST_BYTES;

/// The longest header that is read. V8's are some 2 KB.
const LONGEST: usize = 1 << 20;

#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub(super) meta: Meta,
    #[serde(default)]
    pub(super) node_count: u64,
    #[serde(default)]
    pub(super) edge_count: u64,
    #[serde(default)]
    pub(super) extra_native_bytes: u64,
    /// An index into the flat array of nodes, as DevTools reads it.
    #[serde(default)]
    pub(super) root_index: u64,
    /// How this package took it. Whatever else stands under the name is let be.
    #[serde(default)]
    rs_profiler: serde_json::Value,
}

#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    pub(super) node_fields: Vec<String>,
    pub(super) node_types: Vec<FieldType>,
    pub(super) edge_fields: Vec<String>,
    pub(super) edge_types: Vec<FieldType>,
    #[serde(default)]
    pub(super) location_fields: Vec<String>,
    #[serde(default)]
    pub(super) trace_function_info_fields: Vec<String>,
}

/// Either the names of an enumeration or the name of a type.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum FieldType {
    Names(Vec<String>),
    Other(serde::de::IgnoredAny),
}

impl Header {
    pub(super) fn read(input: &mut Input<'_>) -> Outcome<Header> {
        input.peek_token()?;
        let start = input.offset();
        let mut text = Vec::new();
        json_text::value(input, Some((&mut text, LONGEST)))?;
        let header: Header = serde_json::from_slice(&text).map_err(|error| {
            let before = text
                .split_inclusive(|&byte| byte == b'\n')
                .take(error.line().saturating_sub(1));
            let line_start: usize = before.map(<[u8]>::len).sum();
            let offset = start + (line_start + error.column().saturating_sub(1)) as u64;
            Fault::syntax(offset, format!("the header is not understood: {error}"))
        })?;
        header.check().map_err(|reason| Fault::syntax(start, reason))?;
        Ok(header)
    }

    /// Whether a forked child numbered the objects for itself.
    pub(super) fn has_passing_ids(&self) -> bool {
        self.rs_profiler["isolation"] == "fork" && self.rs_profiler["stable_ids"] == false
    }

    fn check(&self) -> Result<(), String> {
        let meta = &self.meta;
        for (fields, what) in [
            (&meta.node_fields, "node"),
            (&meta.edge_fields, "edge"),
            (&meta.location_fields, "location"),
            (&meta.trace_function_info_fields, "trace_function_info"),
        ] {
            if fields.len() > super::sinks::MOST_FIELDS {
                return Err(format!("meta.{what}_fields has {} fields", fields.len()));
            }
        }
        if self.extra_native_bytes > MOST_BYTES {
            return Err(format!("extra_native_bytes is {}", self.extra_native_bytes));
        }
        let stride = self.meta.node_fields.len() as u64;
        if stride > 0 && !self.root_index.is_multiple_of(stride) {
            return Err(format!("root_index {} is not where a node begins", self.root_index));
        }
        Ok(())
    }
}

impl Meta {
    /// The names of the values of field `field`.
    pub(super) fn type_names(types: &[FieldType], field: usize) -> Option<&[String]> {
        match types.get(field) {
            Some(FieldType::Names(names)) => Some(names),
            _ => None,
        }
    }
}

/// Where `name` is among `fields`.
pub(super) fn field(fields: &[String], name: &str) -> Option<usize> {
    fields.iter().position(|field| field == name)
}

/// The same for a field that has to be there.
pub(super) fn required(fields: &[String], name: &str, list: &str) -> Result<usize, String> {
    field(fields, name).ok_or_else(|| format!("meta.{list} does not name \"{name}\""))
}
