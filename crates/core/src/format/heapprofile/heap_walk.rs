//! The nested tree of both forms, written with a stack on the heap.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::{HeapNodeIndex, SamplingHeapProfile};
use crate::Result;

/// Writes the tree below the root. `begin` writes a node up to the opening bracket of `children`.
///
/// A profile without nodes gives an empty object.
pub(super) fn write_tree<W: Write>(
    profile: &SamplingHeapProfile,
    json: &mut JsonWriter<W>,
    begin: impl Fn(HeapNodeIndex, &mut JsonWriter<W>),
) -> Result<()> {
    let Some(root) = profile.root() else {
        json.begin_object();
        json.end_object();
        return Ok(());
    };
    begin(root, json);
    // The next child to write of each open node.
    let mut open = vec![profile.first_child(root)];
    while let Some(next) = open.last_mut() {
        match *next {
            Some(node) => {
                *next = profile.next_sibling(node);
                begin(node, json);
                open.push(profile.first_child(node));
            }
            None => {
                open.pop();
                json.end_array();
                json.end_object();
            }
        }
        json.spill()?;
    }
    Ok(())
}
