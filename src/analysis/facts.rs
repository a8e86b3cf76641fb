//! What is known of the text that a snapshot was read from.

use rs_profiler_core::format::heapsnapshot::Truncation;
use serde::{Deserialize, Serialize};

use super::json::Fields;
use crate::error::Result;

/// The text of a snapshot. Kept in an index as its note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) text_length: u64,
    pub(super) cut: Option<Cut>,
}

/// Where a text ended that should have gone on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cut {
    section: String,
    offset: u64,
    nodes: u64,
    promised_nodes: u64,
    edges: u64,
    promised_edges: u64,
    strings: u64,
}

impl Facts {
    pub(super) fn new(text_length: u64, truncation: Option<Truncation>) -> Facts {
        let cut = truncation.map(|cut| Cut {
            section: cut.section.to_string(),
            offset: cut.offset,
            nodes: cut.nodes,
            promised_nodes: cut.promised_nodes,
            edges: cut.edges,
            promised_edges: cut.promised_edges,
            strings: cut.strings,
        });
        Facts { text_length, cut }
    }

    /// Adds the fields `textBytes` and `truncation`.
    pub(super) fn write(&self, fields: &mut Fields<'_>) -> Result<()> {
        fields.field("textBytes", self.text_length);
        match &self.cut {
            None => fields.field("truncation", serde_json::Value::Null),
            Some(cut) => fields.object("truncation", |fields| {
                fields
                    .field("section", cut.section.as_str())
                    .field("offset", cut.offset)
                    .field("nodes", cut.nodes)
                    .field("promisedNodes", cut.promised_nodes)
                    .field("edges", cut.edges)
                    .field("promisedEdges", cut.promised_edges)
                    .field("strings", cut.strings);
                Ok(())
            })?,
        };
        Ok(())
    }
}
