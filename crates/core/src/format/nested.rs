//! Nodes that have their children inside them, read without recursion: stacks of recorded programs can be deeper than
//! ours. Knows neither what a node has beside its children nor what becomes of it.

use std::io::Read;

use super::json_reader::{JsonReader, Kind};
use crate::Result;

/// What is done with the nodes that [`read_nested`] meets. The innermost open node is meant.
pub(super) trait NodeVisitor {
    /// A field of a node other than `children`.
    type Key;

    /// The field with this name.
    fn classify(key: &str) -> Self::Key;
    /// A node begins, below the innermost open one. `offset` is where.
    fn open(&mut self, offset: u64) -> Result<()>;
    /// A field of the node, whose value comes next.
    fn field<R: Read>(&mut self, key: Self::Key, json: &mut JsonReader<R>) -> Result<()>;
    /// The node ends.
    fn close<R: Read>(&mut self, json: &JsonReader<R>) -> Result<()>;
}

/// Reads a node and all below it. Memory is the visitor's affair; this takes none per level.
pub(super) fn read_nested<R: Read, V: NodeVisitor>(json: &mut JsonReader<R>, visitor: &mut V) -> Result<()> {
    let mut depth = 0_u64;
    begin(json, visitor)?;
    loop {
        let key = json.next_key(|key| (key != "children").then(|| V::classify(key)))?;
        let below = match key {
            Some(Some(key)) => {
                visitor.field(key, json)?;
                continue;
            }
            Some(None) if json.kind()? == Kind::Null => {
                json.literal()?;
                continue;
            }
            Some(None) => {
                json.begin_array("an array of nodes")?;
                depth += 1;
                true
            }
            None => {
                visitor.close(json)?;
                depth > 0
            }
        };
        if !below {
            return Ok(());
        }
        // In the innermost `children`: either another node begins, or its owner has more keys.
        if json.next_element()? {
            begin(json, visitor)?;
        } else {
            depth -= 1;
        }
    }
}

fn begin<R: Read>(json: &mut JsonReader<R>, visitor: &mut impl NodeVisitor) -> Result<()> {
    json.kind()?;
    let offset = json.offset();
    json.begin_object("a node")?;
    visitor.open(offset)
}
