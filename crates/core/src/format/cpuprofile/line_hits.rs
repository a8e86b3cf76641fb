//! `lineTicks` as v8-profiler and v8-profiler-next write them.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::LineTick;

/// Writes the field, unless there are no line hits.
pub(super) fn write_if_any<W: Write>(ticks: &[LineTick], json: &mut JsonWriter<W>) {
    if ticks.is_empty() {
        return;
    }
    json.key("lineTicks");
    json.begin_array();
    for tick in ticks {
        json.begin_object();
        json.key("line");
        json.integer(tick.line);
        json.key("hitCount");
        json.integer(tick.ticks);
        json.end_object();
    }
    json.end_array();
}
