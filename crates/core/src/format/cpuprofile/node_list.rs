//! What the two forms that list their nodes have in common.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::{CpuProfileSource, LineTick, Step, TreeWalk};
use crate::Result;

/// Writes the ids of the children of `node`.
pub(super) fn child_ids<S: CpuProfileSource, W: Write>(
    source: &S,
    node: S::Node,
    json: &mut JsonWriter<W>,
) -> Result<()> {
    json.array(|json| {
        for child in source.children(node) {
            json.integer(source.node_id(child).get());
            json.spill()?;
        }
        Ok(())
    })
}

/// Writes an array of all nodes, parents first: of each an object with the fields that `fields` writes. Returns how many.
pub(super) fn each_node<S: CpuProfileSource, W: Write>(
    source: &S,
    json: &mut JsonWriter<W>,
    mut fields: impl FnMut(S::Node, &[LineTick], &mut JsonWriter<W>) -> Result<()>,
) -> Result<u64> {
    let mut ticks = Vec::new();
    let mut count = 0;
    json.array(|json| {
        for step in TreeWalk::new(source) {
            if let Step::Enter(node) = step {
                source.line_ticks(node, &mut ticks);
                json.object(|json| fields(node, &ticks, json))?;
                json.spill()?;
                count += 1;
            }
        }
        Ok(count)
    })
}
