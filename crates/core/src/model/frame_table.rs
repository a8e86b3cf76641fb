//! Each distinct call frame once. A profile of a million nodes has some thousand functions.

use std::borrow::Cow;
use std::collections::HashMap;

use super::count::as_u32;
use super::string_table::{StringTable, StringTableBuilder};
use super::CallFrame;
use crate::Result;

/// A call frame with numbers for its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    function_name: u32,
    url: u32,
    bailout_reason: u32,
    script_id: i32,
    line: i32,
    column: i32,
}

/// A finished table.
#[derive(Debug, Clone)]
pub(super) struct FrameTable {
    rows: Box<[Row]>,
    strings: StringTable,
}

impl FrameTable {
    /// The frame with this number, an empty one when there is none.
    pub(super) fn get(&self, number: u32) -> CallFrame<'_> {
        let Some(row) = self.rows.get(number as usize) else {
            return CallFrame::default();
        };
        CallFrame {
            function_name: Cow::Borrowed(self.strings.get(row.function_name)),
            url: Cow::Borrowed(self.strings.get(row.url)),
            script_id: row.script_id,
            line: row.line,
            column: row.column,
            bailout_reason: Cow::Borrowed(self.strings.get(row.bailout_reason)),
        }
    }

    /// How many frames there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        std::mem::size_of_val(&*self.rows) + self.strings.heap_bytes()
    }
}

/// A table being filled.
#[derive(Debug, Default)]
pub(super) struct FrameTableBuilder {
    numbers: HashMap<Row, u32>,
    rows: Vec<Row>,
    strings: StringTableBuilder,
}

impl FrameTableBuilder {
    /// The number of `frame`, a new one if it was not seen before.
    pub(super) fn intern(&mut self, frame: &CallFrame<'_>) -> Result<u32> {
        let row = Row {
            function_name: self.strings.intern(&frame.function_name)?,
            url: self.strings.intern(&frame.url)?,
            bailout_reason: self.strings.intern(&frame.bailout_reason)?,
            script_id: frame.script_id,
            line: frame.line,
            column: frame.column,
        };
        if let Some(&number) = self.numbers.get(&row) {
            return Ok(number);
        }
        let number = as_u32(self.rows.len(), "distinct functions")?;
        self.rows.push(row);
        self.numbers.insert(row, number);
        Ok(number)
    }

    pub(super) fn finish(self) -> FrameTable {
        FrameTable {
            rows: self.rows.into_boxed_slice(),
            strings: self.strings.finish(),
        }
    }
}
