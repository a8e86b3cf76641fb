//! Each distinct call frame once. A profile of a million nodes has some thousand functions.

use std::borrow::Cow;

use super::interner::{Interner, Pool};
use super::strings::Strings;
use super::{CallFrame, Column, Line, ScriptId};
use crate::Result;

/// A call frame with numbers for its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    function_name: u32,
    url: u32,
    bailout_reason: u32,
    script_id: ScriptId,
    line: Line,
    column: Column,
}

impl Pool for Vec<Row> {
    type Value = Row;
    const WHAT: &'static str = "distinct functions";

    fn len(&self) -> usize {
        self.len()
    }

    fn value(&self, number: u32) -> &Row {
        &self[number as usize]
    }

    fn push(&mut self, row: &Row) -> Result<()> {
        self.push(*row);
        Ok(())
    }
}

/// A finished table.
#[derive(Debug, Clone)]
pub(super) struct Frames {
    rows: Box<[Row]>,
    strings: Strings,
}

impl Frames {
    /// The frame with this number, an empty one when there is none.
    pub(super) fn get(&self, number: u32) -> CallFrame<'_> {
        let Some(row) = self.rows.get(number as usize) else {
            return CallFrame::default();
        };
        let text = |number| Cow::Borrowed(self.strings.value(number));
        CallFrame {
            function_name: text(row.function_name),
            url: text(row.url),
            script_id: row.script_id,
            line: row.line,
            column: row.column,
            bailout_reason: text(row.bailout_reason),
        }
    }
}

/// A table being filled.
#[derive(Debug, Default)]
pub(super) struct FramesBuilder {
    rows: Interner<Vec<Row>>,
    strings: Interner<Strings>,
}

impl FramesBuilder {
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
        self.rows.intern(&row)
    }

    pub(super) fn finish(self) -> Frames {
        let mut strings = self.strings.into_pool();
        strings.shrink();
        Frames {
            rows: self.rows.into_pool().into_boxed_slice(),
            strings,
        }
    }
}
