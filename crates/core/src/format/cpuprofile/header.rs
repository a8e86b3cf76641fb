//! The fields that v8-profiler and v8-profiler-next put around a profile.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::CpuProfileSource;

const US_PER_SECOND: i64 = 1_000_000;

/// `typeId`, `uid`, `title`, `startTime` and `endTime` of a profile in the `nodes` or `tree` form.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::ProfileHeader;
/// use rs_profiler_core::model::CpuProfile;
/// let header = ProfileHeader::for_nodes("0", "Profile 0", &CpuProfile::empty(7, 9)?);
/// assert_eq!((header.type_id, header.start_time, header.end_time), ("CPU", 7, 9));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileHeader<'a> {
    /// `"CPU"`.
    pub type_id: &'a str,
    /// The profile's number, as text.
    pub uid: &'a str,
    /// The profile's name.
    pub title: &'a str,
    /// Written as `startTime`, in whatever unit the form has.
    pub start_time: i64,
    /// Written as `endTime`, in whatever unit the form has.
    pub end_time: i64,
}

impl<'a> ProfileHeader<'a> {
    /// The header of the `nodes` form: times in microseconds.
    ///
    /// ```
    /// # use rs_profiler_core::format::cpuprofile::ProfileHeader;
    /// # use rs_profiler_core::model::CpuProfile;
    /// assert_eq!(ProfileHeader::for_nodes("0", "a", &CpuProfile::empty(7, 9)?).end_time, 9);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn for_nodes(uid: &'a str, title: &'a str, source: &impl CpuProfileSource) -> Self {
        let (start_time, end_time) = (source.start_time_us(), source.end_time_us());
        ProfileHeader {
            type_id: "CPU",
            uid,
            title,
            start_time,
            end_time,
        }
    }

    /// The header of the `tree` form: times in whole seconds; a time that is 0 then gives way to its wall-clock time in
    /// milliseconds (start, end).
    ///
    /// ```
    /// # use rs_profiler_core::format::cpuprofile::ProfileHeader;
    /// # use rs_profiler_core::model::CpuProfile;
    /// let header = ProfileHeader::for_tree("0", "a", &CpuProfile::empty(999_999, 2_000_001)?, (17, 18));
    /// assert_eq!((header.start_time, header.end_time), (17, 2));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn for_tree(uid: &'a str, title: &'a str, source: &impl CpuProfileSource, wall_clock_ms: (i64, i64)) -> Self {
        let seconds_or = |time_us: i64, wall_clock_ms| match time_us / US_PER_SECOND {
            0 => wall_clock_ms,
            seconds => seconds,
        };
        ProfileHeader {
            type_id: "CPU",
            uid,
            title,
            start_time: seconds_or(source.start_time_us(), wall_clock_ms.0),
            end_time: seconds_or(source.end_time_us(), wall_clock_ms.1),
        }
    }

    /// The fields before the nodes.
    pub(super) fn write_names<W: Write>(&self, json: &mut JsonWriter<W>) {
        json.key("typeId");
        json.string(self.type_id);
        json.key("uid");
        json.string(self.uid);
        json.key("title");
        json.string(self.title);
    }

    /// The fields after the nodes.
    pub(super) fn write_times<W: Write>(&self, json: &mut JsonWriter<W>) {
        json.key("startTime");
        json.integer(self.start_time);
        json.key("endTime");
        json.integer(self.end_time);
    }
}
