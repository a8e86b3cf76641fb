//! `head`: nodes inside nodes, lines from 1.

use std::io::Read;

use super::super::super::frame_fields::Base;
use super::super::super::json_reader::JsonReader;
use super::super::super::nested::{read_nested, NodeVisitor};
use super::fields::{NodeFields, NodeKey};
use crate::model::{CpuProfileBuilder, OpenNode};
use crate::Result;

/// Reads the value of `head`. Returns whether any node has a hit count.
pub(super) fn read<R: Read>(json: &mut JsonReader<R>, builder: &mut CpuProfileBuilder) -> Result<bool> {
    json.enter_section("head");
    let mut visitor = Visitor {
        builder,
        open: Vec::new(),
        spare: Vec::new(),
        any_hits: false,
    };
    let result = read_nested(json, &mut visitor);
    if result.is_err() {
        // The text may have ended here: what is known of the open nodes is kept for those who want it.
        visitor.close_all();
    }
    result.map(|()| visitor.any_hits)
}

struct Visitor<'b> {
    builder: &'b mut CpuProfileBuilder,
    open: Vec<(OpenNode, u64, NodeFields)>,
    spare: Vec<NodeFields>,
    any_hits: bool,
}

impl Visitor<'_> {
    fn fill(&mut self, node: OpenNode, id: u32, fields: &NodeFields) -> Result<()> {
        self.builder.fill_node(
            node,
            id,
            &fields.frame.frame(Base::One),
            fields.hits.unwrap_or(0),
            &fields.ticks,
        )
    }

    /// Keeps of the open nodes what is known of them. What this leaves unfilled the builder reports.
    fn close_all(&mut self) {
        while let Some((node, _, fields)) = self.open.pop() {
            let done = match fields.id {
                Some(id) if fields.has_frame => self.fill(node, id, &fields).is_ok(),
                _ => self.builder.close_unfilled(node),
            };
            if !done {
                return;
            }
        }
    }
}

impl NodeVisitor for Visitor<'_> {
    type Key = NodeKey;

    fn classify(key: &str) -> NodeKey {
        NodeKey::of(key)
    }

    fn open(&mut self, offset: u64) -> Result<()> {
        let node = self.builder.open_node()?;
        if let Some((parent, ..)) = self.open.last() {
            self.builder.adopt(*parent, node)?;
        }
        let mut fields = self.spare.pop().unwrap_or_default();
        fields.clear();
        self.open.push((node, offset, fields));
        Ok(())
    }

    fn field<R: Read>(&mut self, key: NodeKey, json: &mut JsonReader<R>) -> Result<()> {
        match self.open.last_mut() {
            Some((_, _, fields)) => fields.read(key, json),
            None => json.skip_value(),
        }
    }

    fn close<R: Read>(&mut self, json: &JsonReader<R>) -> Result<()> {
        let Some((node, offset, fields)) = self.open.pop() else {
            return Ok(());
        };
        let Some(id) = fields.id else {
            return Err(json.error_at(offset, "a node begins that has no id"));
        };
        if !fields.has_frame {
            return Err(json.error_at(offset, "a node begins that has no function"));
        }
        if self.builder.node_with_id(id).is_some() {
            return Err(json.error_at(offset, format!("the second node with the id {id} begins")));
        }
        self.any_hits |= fields.hits.is_some();
        self.fill(node, id, &fields)?;
        self.spare.push(fields);
        Ok(())
    }
}
