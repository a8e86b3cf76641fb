//! The section `locations`.

use super::super::header::{required, Header};
use super::super::numbers::Sink;
use super::records::{each_record, Partial};
use crate::model::heap::{HeapGraphBuilder, NodeIndex, SourceLocation};

pub(in super::super) struct LocationSink<'a> {
    builder: &'a mut HeapGraphBuilder,
    object: usize,
    script: usize,
    line: usize,
    column: usize,
    node_fields: u32,
    partial: Partial,
}

impl<'a> LocationSink<'a> {
    pub(in super::super) fn new(header: &Header, builder: &'a mut HeapGraphBuilder) -> Result<Self, String> {
        let names = &header.meta.location_fields;
        let place = |name| required(names, name, "location_fields");
        Ok(LocationSink {
            builder,
            object: place("object_index")?,
            script: place("script_id")?,
            line: place("line")?,
            column: place("column")?,
            node_fields: u32::try_from(header.meta.node_fields.len()).unwrap_or(1).max(1),
            partial: Partial::new(names.len()),
        })
    }
}

impl Sink for LocationSink<'_> {
    fn take(&mut self, numbers: &[u32]) -> Result<(), (usize, String)> {
        let (builder, node_fields) = (&mut *self.builder, self.node_fields);
        let (object, script, line, column) = (self.object, self.script, self.line, self.column);
        each_record(&mut self.partial, numbers, |record| {
            let place = SourceLocation {
                script_id: record[script],
                line: record[line],
                column: record[column],
            };
            let node = NodeIndex(record[object] / node_fields);
            if !record[object].is_multiple_of(node_fields) {
                return Err(format!("a location is of {}, where no node begins", record[object]));
            }
            builder.push_location(node, place).map_err(|fault| fault.to_string())
        })
    }

    /// V8 writes -1 where it does not know, and lines and columns below zero for what stands in front of a file's text, as the
    /// wrapper does that a test runner puts around a module (`columnOffset` of `vm`). Newer versions write them with their
    /// sign, older ones as 32 bits without it; so they are kept.
    fn take_wide(&mut self, number: i64) -> Result<(), String> {
        match i32::try_from(number) {
            Ok(number) if self.partial.next_field() != self.object => {
                self.take(&[number.cast_unsigned()]).map_err(|(_, reason)| reason)
            }
            _ => Err(format!("{number} is out of range for a field of a location")),
        }
    }

    fn is_between_records(&self) -> bool {
        self.partial.is_empty()
    }
}
