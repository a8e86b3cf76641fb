//! `children` of the two forms that list their nodes.

use std::io::Write;

use super::super::json::JsonWriter;
use crate::model::CpuProfileSource;
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
