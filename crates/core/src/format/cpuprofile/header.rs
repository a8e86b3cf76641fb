//! The fields that v8-profiler and v8-profiler-next put around a profile.

use std::io::Write;

use super::super::json::JsonWriter;

/// `typeId`, `uid`, `title`, `startTime` and `endTime` of a profile in the `nodes` or `tree` form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileHeader<'a> {
    /// `"CPU"`.
    pub type_id: &'a str,
    /// The profile's number, as text.
    pub uid: &'a str,
    /// The profile's name.
    pub title: &'a str,
    /// Written as `startTime`. A plain number, because its unit is not the same in all texts: microseconds in the `nodes`
    /// form, seconds or wall-clock milliseconds in the `tree` form.
    pub start_time: i64,
    /// Written as `endTime`, likewise.
    pub end_time: i64,
}

impl ProfileHeader<'_> {
    /// The fields before the nodes.
    pub(super) fn write_names<W: Write>(&self, json: &mut JsonWriter<W>) {
        json.key("typeId").string(self.type_id);
        json.key("uid").string(self.uid);
        json.key("title").string(self.title);
    }

    /// The fields after the nodes.
    pub(super) fn write_times<W: Write>(&self, json: &mut JsonWriter<W>) {
        json.key("startTime").integer(self.start_time);
        json.key("endTime").integer(self.end_time);
    }
}
