//! `nodes`: a list of nodes that name their children or their parents by id.

use std::io::Read;

use super::super::super::frame_fields::Base;
use super::super::super::json_reader::{JsonReader, Kind};
use super::fields::{NodeFields, NodeKey};
use super::Shape;
use crate::model::{CpuProfileBuilder, OpenNode};
use crate::{Error, Result};

/// What the list says beside the nodes themselves, until all ids are known.
#[derive(Debug, Default)]
pub(super) struct NodeList {
    /// Node, and the id of its child or parent.
    children: Vec<(OpenNode, u32)>,
    parents: Vec<(OpenNode, u32)>,
    /// Ids of all nodes in the order of their numbers, and where they begin.
    nodes: Vec<(u32, u64)>,
    /// Whether any node has a hit count.
    pub(super) any_hits: bool,
    next_style: bool,
}

impl NodeList {
    /// Reads the value of `nodes`. `next_style` is whether the text was seen to be v8-profiler-next's.
    pub(super) fn read<R: Read>(
        &mut self,
        json: &mut JsonReader<R>,
        builder: &mut CpuProfileBuilder,
        next_style: bool,
    ) -> Result<()> {
        json.enter_section("nodes");
        self.next_style = next_style;
        let mut fields = NodeFields::default();
        let mut children = Vec::new();
        json.begin_array("an array of nodes")?;
        while json.next_element()? {
            json.kind()?;
            let offset = json.offset();
            json.begin_object("a node")?;
            fields.clear();
            children.clear();
            self.read_node(json, builder, &mut fields, &mut children, offset)?;
        }
        Ok(())
    }

    fn read_node<R: Read>(
        &mut self,
        json: &mut JsonReader<R>,
        builder: &mut CpuProfileBuilder,
        fields: &mut NodeFields,
        children: &mut Vec<u32>,
        offset: u64,
    ) -> Result<()> {
        while let Some(key) = json.next_key(|key| (key != "children").then(|| NodeKey::of(key)))? {
            match key {
                Some(key) => fields.read(key, json)?,
                None if json.kind()? == Kind::Null => json.literal()?,
                None => {
                    json.begin_array("an array of node ids")?;
                    while json.next_element()? {
                        children.push(json.whole("a node id")?);
                    }
                }
            }
        }
        let Some(id) = fields.id else {
            return Err(json.error_at(offset, "a node begins that has no id"));
        };
        if !fields.has_frame {
            return Err(json.error_at(offset, "a node begins that has no callFrame"));
        }
        if builder.node_with_id(id).is_some() {
            return Err(json.error_at(offset, format!("the second node with the id {id} begins")));
        }
        self.next_style |= fields.next_style;
        let base = if self.next_style { Base::One } else { Base::Zero };
        let node = builder.open_node()?;
        builder.fill_node(
            node,
            id,
            &fields.frame.frame(base),
            fields.hits.unwrap_or(0),
            &fields.ticks,
        )?;
        self.nodes.push((id, offset));
        self.any_hits |= fields.hits.is_some();
        self.children.extend(children.iter().map(|&child| (node, child)));
        self.parents.extend(fields.parent.map(|parent| (node, parent)));
        Ok(())
    }

    /// Links the nodes, now that all are known. `lenient` leaves out what is not there and hangs what is lost below the
    /// root. Returns the shape.
    pub(super) fn link<R: Read>(
        &self,
        json: &mut JsonReader<R>,
        builder: &mut CpuProfileBuilder,
        lenient: bool,
    ) -> Result<Shape> {
        json.enter_section("nodes");
        for (is_parent, links) in [(false, &self.children), (true, &self.parents)] {
            for &(node, id) in links {
                let Some(other) = builder.node_with_id(id) else {
                    if lenient {
                        continue;
                    }
                    let what = if is_parent { "parent" } else { "child" };
                    let reason = format!("a node begins whose {what} has the id {id}, which no node has");
                    return Err(json.error_at(self.offset(node), reason));
                };
                let (parent, child) = if is_parent { (other, node) } else { (node, other) };
                // Some texts have both, and then both say the same.
                if is_parent && !self.children.is_empty() && builder.has_parent(child) {
                    continue;
                }
                builder.adopt(parent, child).map_err(|error| match error {
                    Error::NotATree { id, reason } => {
                        json.error_at(self.offset(node), format!("the node with id {id} {reason}"))
                    }
                    other => other,
                })?;
            }
        }
        if lenient {
            self.adopt_lost(builder)?;
        }
        Ok(match (self.next_style, self.parents.is_empty()) {
            (true, _) => Shape::Nodes,
            (false, true) => Shape::Inspector,
            (false, false) => Shape::Trace,
        })
    }

    fn adopt_lost(&self, builder: &mut CpuProfileBuilder) -> Result<()> {
        let mut nodes = self.nodes.iter().filter_map(|(id, _)| builder.node_with_id(*id));
        let Some(root) = nodes.next() else { return Ok(()) };
        let lost: Vec<OpenNode> = nodes.filter(|&node| !builder.has_parent(node)).collect();
        for node in lost {
            builder.adopt(root, node)?;
        }
        Ok(())
    }

    /// Where `node` begins.
    fn offset(&self, node: OpenNode) -> u64 {
        self.nodes.get(node.index()).map_or(0, |(_, offset)| *offset)
    }

    /// Where the node with this id begins.
    pub(super) fn offset_of_id(&self, id: u32) -> u64 {
        let node = self.nodes.iter().find(|node| node.0 == id);
        node.map_or(0, |(_, offset)| *offset)
    }

    /// Whether there is no node.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
