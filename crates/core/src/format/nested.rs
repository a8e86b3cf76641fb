//! A tree written as objects in objects, with a stack on the heap: however deep it is, ours is not.

use std::io::Write;

use super::json::JsonWriter;
use crate::model::{CallTree, Step, TreeWalk};
use crate::Result;

/// Writes each node as an object of the fields `before`, `children` and the fields `after`; a tree without nodes as an empty
/// object. Returns the number of nodes.
///
/// `JsonWriter::object` closes what it opens and would need a stack frame per level; this is the only place that opens and
/// closes by hand, once for each [`Step`].
pub(super) fn write<T: CallTree, W: Write>(
    tree: &T,
    json: &mut JsonWriter<W>,
    before: impl Fn(T::Node, &mut JsonWriter<W>),
    mut after: impl FnMut(T::Node, &mut JsonWriter<W>),
) -> Result<u64> {
    if tree.root().is_none() {
        json.object(|_| ());
        return Ok(0);
    }
    let mut nodes = 0;
    for step in TreeWalk::new(tree) {
        match step {
            Step::Enter(node) => {
                json.open(b'{');
                before(node, json);
                json.key("children").open(b'[');
                nodes += 1;
            }
            Step::Leave(node) => {
                json.close(b']');
                after(node, json);
                json.close(b'}');
            }
        }
        json.spill()?;
    }
    Ok(nodes)
}
