//! Hits by line, which all three forms write: under different names, and only when there are any.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::LineTick;

/// Writes the field `key`, an array of `line` and `hits_key`.
pub(super) fn write_if_any<W: Write>(
    key: &'static str,
    hits_key: &'static str,
    ticks: &[LineTick],
    json: &mut JsonWriter<W>,
) {
    if ticks.is_empty() {
        return;
    }
    json.key(key).array(|json| {
        for tick in ticks {
            json.object(|json| {
                json.key("line").integer(tick.line.one_based());
                json.key(hits_key).integer(tick.ticks);
            });
        }
    });
}

/// The same as v8-profiler and v8-profiler-next have it.
pub(super) fn write_line_ticks<W: Write>(ticks: &[LineTick], json: &mut JsonWriter<W>) {
    write_if_any("lineTicks", "hitCount", ticks, json);
}
