//! The fields of one node, in whatever shape.

use std::io::Read;

use super::super::super::frame_fields::{FrameFields, FrameKey};
use super::super::super::json_reader::{JsonReader, Kind};
use crate::model::LineTick;
use crate::Result;

/// A field of a node, `children` excepted.
#[derive(Debug, Clone, Copy)]
pub(super) enum NodeKey {
    Id,
    Parent,
    HitCount,
    Ticks,
    CallFrame,
    Frame(FrameKey),
    SelfSize,
    Other,
}

impl NodeKey {
    /// The field with this name.
    pub(super) fn of(key: &str) -> Self {
        match key {
            "id" => NodeKey::Id,
            "parent" => NodeKey::Parent,
            "hitCount" => NodeKey::HitCount,
            "positionTicks" | "lineTicks" => NodeKey::Ticks,
            "callFrame" => NodeKey::CallFrame,
            "selfSize" => NodeKey::SelfSize,
            _ => FrameKey::of(key).map_or(NodeKey::Other, NodeKey::Frame),
        }
    }
}

/// What was read of a node. Reused from node to node.
#[derive(Debug, Default)]
pub(super) struct NodeFields {
    pub(super) id: Option<u32>,
    pub(super) parent: Option<u32>,
    pub(super) hits: Option<u32>,
    pub(super) ticks: Vec<LineTick>,
    pub(super) frame: FrameFields,
    /// Whether there is a call frame, or a field of one.
    pub(super) has_frame: bool,
    /// Whether the call frame has what only v8-profiler-next puts into it.
    pub(super) next_style: bool,
}

impl NodeFields {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.frame.clear();
        self.ticks.clear();
        (self.id, self.parent, self.hits) = (None, None, None);
        (self.has_frame, self.next_style) = (false, false);
    }

    /// Reads the value of the field `key`.
    pub(super) fn read<R: Read>(&mut self, key: NodeKey, json: &mut JsonReader<R>) -> Result<()> {
        match key {
            NodeKey::Id => self.id = Some(json.whole("a node id")?),
            NodeKey::Parent if json.kind()? == Kind::Null => json.literal()?,
            NodeKey::Parent => self.parent = Some(json.whole("a node id")?),
            NodeKey::HitCount => self.hits = Some(json.whole("a hit count")?),
            NodeKey::Ticks => self.read_ticks(json)?,
            NodeKey::CallFrame => {
                self.has_frame = true;
                json.begin_object("a call frame")?;
                while let Some(key) = json.next_key(NodeKey::of)? {
                    match key {
                        NodeKey::Frame(key) => {
                            self.next_style |= key == FrameKey::Reason;
                            self.frame.read(key, json)?;
                        }
                        NodeKey::Ticks => {
                            self.next_style = true;
                            self.read_ticks(json)?;
                        }
                        _ => json.skip_value()?,
                    }
                }
            }
            NodeKey::Frame(key) => {
                // A reason stands beside the call frame in the inspector's shape, and says nothing of where the rest is.
                self.has_frame |= key != FrameKey::Reason;
                self.frame.read(key, json)?;
            }
            NodeKey::SelfSize => {
                return Err(json.error("a node has a selfSize: this is a sampling heap profile, not a CPU profile"))
            }
            NodeKey::Other => json.skip_value()?,
        }
        Ok(())
    }

    fn read_ticks<R: Read>(&mut self, json: &mut JsonReader<R>) -> Result<()> {
        if json.kind()? == Kind::Null {
            return json.literal();
        }
        json.begin_array("an array of line hits")?;
        while json.next_element()? {
            json.begin_object("line hits")?;
            let mut tick = LineTick { line: 0, ticks: 0 };
            while let Some(key) = json.next_key(|key| match key {
                "line" => 0,
                "ticks" | "hitCount" => 1,
                _ => 2,
            })? {
                match key {
                    0 => tick.line = json.whole("a line")?,
                    1 => tick.ticks = json.whole("a hit count")?,
                    _ => json.skip_value()?,
                }
            }
            self.ticks.push(tick);
        }
        Ok(())
    }
}
