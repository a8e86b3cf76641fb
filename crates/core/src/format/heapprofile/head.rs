//! `head` of both forms.

use std::io::Write;

use super::super::call_frame::{self, Dialect};
use super::super::json::JsonWriter;
use super::super::nested;
use crate::model::{CallTree, NodeId, SamplingHeapProfile};
use crate::Result;

/// Writes the tree. `id` writes what there is between a node's size and its children. Returns the number of nodes.
pub(super) fn write<W: Write>(
    profile: &SamplingHeapProfile,
    dialect: Dialect,
    json: &mut JsonWriter<W>,
    id: impl Fn(NodeId, &mut JsonWriter<W>),
) -> Result<u64> {
    nested::write(
        profile,
        json,
        |node, json| {
            let frame = profile.frame(node);
            json.key("callFrame").object(|json| {
                call_frame::write(&frame, &frame.url, dialect, json, |_| ());
            });
            json.key("selfSize").integer(profile.self_size(node).as_bytes());
            id(profile.node_id(node), json);
        },
        |_, _| (),
    )
}
