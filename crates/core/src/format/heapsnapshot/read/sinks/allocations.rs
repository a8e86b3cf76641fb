//! The section `trace_function_infos`.

use super::super::header::{required, Header};
use super::super::numbers::Sink;
use super::records::{each_record, Partial};
use crate::model::heap::{AllocationFunction, HeapGraphBuilder, StringIndex};

pub(in super::super) struct AllocationFunctionSink<'a> {
    builder: &'a mut HeapGraphBuilder,
    name: usize,
    script_name: usize,
    line: usize,
    column: usize,
    partial: Partial,
}

impl<'a> AllocationFunctionSink<'a> {
    pub(in super::super) fn new(header: &Header, builder: &'a mut HeapGraphBuilder) -> Result<Self, String> {
        let names = &header.meta.trace_function_info_fields;
        let place = |name| required(names, name, "trace_function_info_fields");
        Ok(AllocationFunctionSink {
            builder,
            name: place("name")?,
            script_name: place("script_name")?,
            line: place("line")?,
            column: place("column")?,
            partial: Partial::new(names.len()),
        })
    }
}

impl Sink for AllocationFunctionSink<'_> {
    fn take(&mut self, numbers: &[u32]) -> Result<(), (usize, String)> {
        let builder = &mut *self.builder;
        let (name, script_name, line, column) = (self.name, self.script_name, self.line, self.column);
        each_record(&mut self.partial, numbers, |record| {
            builder.allocations().push_function(AllocationFunction {
                name: StringIndex(record[name]),
                script_name: StringIndex(record[script_name]),
                line: record[line],
                column: record[column],
            });
            Ok(())
        })
    }

    /// What is not known.
    fn take_wide(&mut self, _number: i64) -> Result<(), String> {
        self.take(&[0]).map_err(|(_, reason)| reason)
    }

    fn is_between_records(&self) -> bool {
        self.partial.is_empty()
    }
}
