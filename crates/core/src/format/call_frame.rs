//! The call frame as the formats write it: the same fields, in two dialects.

use std::io::Write;

use super::json::JsonWriter;
use crate::model::CallFrame;

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `node:inspector`: `scriptId` is text, lines and columns start at 0 with -1 for unknown.
    Inspector,
    /// v8-profiler and v8-profiler-next: `scriptId` is a number, lines and columns start at 1 with 0 for unknown.
    Profiler,
}

/// Writes `functionName, scriptId, url, lineNumber, columnNumber`, with what `between` writes behind `scriptId`.
///
/// `url` is that of the frame, or what the format makes of it.
pub(super) fn write<W: Write>(
    frame: &CallFrame<'_>,
    url: &str,
    dialect: Dialect,
    json: &mut JsonWriter<W>,
    between: impl FnOnce(&mut JsonWriter<W>),
) {
    json.key("functionName").string(&frame.function_name);
    json.key("scriptId");
    match dialect {
        Dialect::Inspector => json.quoted_integer(frame.script_id.get()),
        Dialect::Profiler => json.integer(frame.script_id.get()),
    }
    between(json);
    place(frame, url, dialect, json);
}

/// Writes `url, lineNumber, columnNumber`.
pub(super) fn place<W: Write>(frame: &CallFrame<'_>, url: &str, dialect: Dialect, json: &mut JsonWriter<W>) {
    let (line, column) = match dialect {
        Dialect::Inspector => (frame.line.zero_based(), frame.column.zero_based()),
        Dialect::Profiler => (frame.line.one_based(), frame.column.one_based()),
    };
    json.key("url").string(url);
    json.key("lineNumber").integer(line);
    json.key("columnNumber").integer(column);
}
