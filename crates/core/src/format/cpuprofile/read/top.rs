//! The object around nodes and samples.

use std::io::{ErrorKind, Read};

use super::super::super::json_reader::{JsonReader, Kind};
use super::list::NodeList;
use super::times::{microseconds, RawTimes};
use super::{head, ReadCpuProfile, ReadOptions, Shape};
use crate::model::{CpuProfileBuilder, Sample};
use crate::{Error, Result};

pub(super) fn read(source: impl Read, options: ReadOptions) -> Result<ReadCpuProfile> {
    let mut json = JsonReader::new(source)?;
    let mut top = Top::default();
    let read = top.fields(&mut json, true).and_then(|()| json.end());
    match read {
        Ok(()) => top.finish(&mut json, None),
        Err(error) => match truncated_at(&error) {
            Some(offset) if options.accept_truncated => top.finish(&mut json, Some(offset)).map_err(|_| error),
            _ => Err(error),
        },
    }
}

/// The length of a text that ends in the middle; nothing for other errors.
fn truncated_at(error: &Error) -> Option<u64> {
    match error {
        Error::ProfileTruncated { offset, .. } => Some(*offset),
        // A compressed text that ends in the middle.
        Error::Input { offset, source } if source.kind() == ErrorKind::UnexpectedEof => Some(*offset),
        _ => None,
    }
}

enum Key {
    Nodes,
    Head,
    StartTime,
    EndTime,
    Samples,
    TimeDeltas,
    Timestamps,
    Lines,
    TypeId,
    Profile,
    Other,
}

impl Key {
    fn of(key: &str) -> Key {
        match key {
            "nodes" => Key::Nodes,
            "head" => Key::Head,
            "startTime" => Key::StartTime,
            "endTime" => Key::EndTime,
            "samples" => Key::Samples,
            "timeDeltas" => Key::TimeDeltas,
            "timestamps" => Key::Timestamps,
            "lines" => Key::Lines,
            "typeId" => Key::TypeId,
            "cpuProfile" | "profile" => Key::Profile,
            _ => Key::Other,
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Top {
    builder: CpuProfileBuilder,
    list: Option<NodeList>,
    has_head: bool,
    any_hits: bool,
    has_type_id: bool,
    times: RawTimes,
    samples: Vec<u32>,
    samples_at: u64,
    lines: Vec<u32>,
}

impl Top {
    fn fields<R: Read>(&mut self, json: &mut JsonReader<R>, outermost: bool) -> Result<()> {
        json.begin_object("a CPU profile")?;
        while let Some(key) = json.next_key(Key::of)? {
            if !matches!(key, Key::Nodes | Key::Head) && json.kind()? == Kind::Null {
                json.literal()?;
                continue;
            }
            match key {
                Key::Nodes | Key::Head if self.has_head || self.list.is_some() => {
                    return Err(json.error("the profile has its nodes twice"));
                }
                Key::Nodes => {
                    let list = self.list.insert(NodeList::default());
                    list.read(json, &mut self.builder, self.has_type_id)?;
                    self.any_hits = list.any_hits;
                }
                Key::Head => {
                    self.has_head = true;
                    self.any_hits = head::read(json, &mut self.builder)?;
                }
                Key::StartTime => self.times.start = Some(json.number("a time")?),
                Key::EndTime => self.times.end = Some(json.number("a time")?),
                Key::Samples => {
                    json.enter_section("samples");
                    self.samples_at = json.offset();
                    numbers(json, &mut self.samples, |json| json.whole("a node id"))?;
                }
                Key::TimeDeltas => {
                    json.enter_section("timeDeltas");
                    numbers(json, &mut self.times.deltas, time)?;
                }
                Key::Timestamps => {
                    json.enter_section("timestamps");
                    numbers(json, &mut self.times.timestamps, time)?;
                }
                Key::Lines => {
                    json.enter_section("lines");
                    numbers(json, &mut self.lines, |json| json.whole("a line"))?;
                }
                Key::TypeId => {
                    self.has_type_id = true;
                    json.skip_value()?;
                }
                Key::Profile if outermost => self.fields(json, false)?,
                Key::Profile | Key::Other => json.skip_value()?,
            }
            json.enter_section("the profile");
        }
        Ok(())
    }

    /// The profile of what was read. A text that ended in the middle gives what is whole of it.
    fn finish<R: Read>(mut self, json: &mut JsonReader<R>, truncated_at: Option<u64>) -> Result<ReadCpuProfile> {
        let lenient = truncated_at.is_some();
        json.enter_section("the profile");
        let list = self.list.take().unwrap_or_default();
        let shape = match (list.is_empty(), self.has_head) {
            (_, true) => Shape::Tree,
            (false, false) => list.link(json, &mut self.builder, lenient)?,
            (true, false) => return Err(json.error("neither nodes nor a head were found: this is not a CPU profile")),
        };
        let (start, end) = self.add_samples(json, shape, lenient)?;
        if !self.any_hits {
            self.builder.count_samples(&self.lines)?;
        }
        let profile = self.builder.finish(start, end).map_err(|error| match error {
            Error::NotATree { id, reason } => {
                json.enter_section("nodes");
                json.error_at(list.offset_of_id(id), format!("the node with id {id} {reason}"))
            }
            other => other,
        })?;
        Ok(ReadCpuProfile {
            profile,
            shape,
            truncated_at,
        })
    }

    /// Gives the samples their times. Returns when the profile began and ended.
    fn add_samples<R: Read>(&mut self, json: &mut JsonReader<R>, shape: Shape, lenient: bool) -> Result<(i64, i64)> {
        json.enter_section("samples");
        let count = self.samples.len();
        let times = std::mem::take(&mut self.times);
        if !lenient && times.count().is_some_and(|times| times != count) {
            return Err(json.error("there is another number of samples than of times"));
        }
        let times = match shape {
            Shape::Tree => times.in_seconds(count),
            _ => times.in_microseconds(count),
        };
        let times = times.map_err(|reason| json.error(reason))?;
        for (index, (&node_id, &timestamp_us)) in self.samples.iter().zip(&times.samples).enumerate() {
            if self.builder.node_with_id(node_id).is_some() {
                self.builder.add_sample(Sample { node_id, timestamp_us });
            } else if !lenient {
                let reason = format!("an array begins whose entry {index} is {node_id}, an id that no node has");
                return Err(json.error_at(self.samples_at, reason));
            }
        }
        Ok((times.start, times.end))
    }
}

/// Reads an array of numbers, anew if there was one already.
fn numbers<R: Read, T>(
    json: &mut JsonReader<R>,
    into: &mut Vec<T>,
    read: impl Fn(&mut JsonReader<R>) -> Result<T>,
) -> Result<()> {
    into.clear();
    json.begin_array("an array of numbers")?;
    while json.next_element()? {
        into.push(read(json)?);
    }
    Ok(())
}

/// Reads a number of microseconds.
fn time<R: Read>(json: &mut JsonReader<R>) -> Result<i64> {
    let number = json.number("a time")?;
    microseconds(number).map_err(|reason| json.error(reason))
}
