//! The fields of a call frame, which stand in a `callFrame` of their own or among those of the node. Common to the
//! readers of CPU profiles and sampling heap profiles.

use std::io::Read;

use super::cpuprofile::path_of;
use super::json_reader::{JsonReader, Kind};
use crate::model::CallFrame;
use crate::Result;

/// A field of a call frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKey {
    FunctionName,
    Url,
    ScriptId,
    LineNumber,
    ColumnNumber,
    Reason,
}

impl FrameKey {
    /// The field with this name.
    pub(super) fn of(key: &str) -> Option<Self> {
        Some(match key {
            "functionName" => FrameKey::FunctionName,
            "url" => FrameKey::Url,
            "scriptId" => FrameKey::ScriptId,
            "lineNumber" => FrameKey::LineNumber,
            "columnNumber" => FrameKey::ColumnNumber,
            "bailoutReason" | "deoptReason" => FrameKey::Reason,
            _ => return None,
        })
    }
}

/// From where lines and columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Zero,
    One,
}

/// What was read of a call frame. Reused from node to node.
#[derive(Debug, Default)]
pub(super) struct FrameFields {
    function_name: String,
    url: String,
    reason: String,
    script_id: i32,
    line: Option<i32>,
    column: Option<i32>,
    /// Whether the script id was text: the inspector writes it so, the profiler modules do not.
    pub(super) has_text_script_id: bool,
}

impl FrameFields {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.function_name.clear();
        self.url.clear();
        self.reason.clear();
        (self.script_id, self.line, self.column) = (0, None, None);
        self.has_text_script_id = false;
    }

    /// Reads the value of the field `key`. `null` is as good as nothing.
    pub(super) fn read<R: Read>(&mut self, key: FrameKey, json: &mut JsonReader<R>) -> Result<()> {
        if json.kind()? == Kind::Null {
            return json.literal();
        }
        match key {
            FrameKey::FunctionName => json.string("a function name", &mut self.function_name)?,
            FrameKey::Url => json.string("a url", &mut self.url)?,
            FrameKey::Reason => json.string("a reason", &mut self.reason)?,
            FrameKey::LineNumber => self.line = Some(json.whole("a line number")?),
            FrameKey::ColumnNumber => self.column = Some(json.whole("a column number")?),
            FrameKey::ScriptId if json.kind()? == Kind::String => {
                self.has_text_script_id = true;
                let start = json.offset();
                let mut text = String::new();
                json.string("a script id", &mut text)?;
                self.script_id = match text.parse() {
                    Ok(id) => id,
                    Err(_) if text.is_empty() => 0,
                    Err(_) => return Err(json.error_at(start, "a number in quotes was expected as script id")),
                };
            }
            FrameKey::ScriptId => self.script_id = json.whole("a script id")?,
        }
        Ok(())
    }

    /// The frame as the model has it: lines and columns from 1, paths instead of file URLs.
    pub(super) fn frame(&self, base: Base) -> CallFrame<'_> {
        let from_one = |number: Option<i32>| match (base, number) {
            (Base::Zero, Some(number)) => number.saturating_add(1).max(0),
            (Base::One, Some(number)) => number.max(0),
            (_, None) => 0,
        };
        CallFrame {
            function_name: self.function_name.as_str().into(),
            url: path_of(&self.url),
            script_id: self.script_id,
            line: from_one(self.line),
            column: from_one(self.column),
            bailout_reason: self.reason.as_str().into(),
        }
    }
}
