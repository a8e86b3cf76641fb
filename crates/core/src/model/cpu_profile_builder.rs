//! Filling a CPU profile from a text, whatever order the text has: a node can be opened before its fields are known,
//! and get its parent before or after. Checks at the end that it is a tree; everything it returns is finite.

use std::collections::HashMap;

use super::count::as_u32;
use super::frame_table::FrameTableBuilder;
use super::linked_nodes::{Draft, LinkedNodes, NONE};
use super::{CallFrame, CpuProfile, LineTick, OpenNode, Sample};
use crate::{Error, Result};

/// A [`CpuProfile`] being filled. The node that is opened first is the root.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, CpuProfileBuilder, CpuProfileSource, Sample};
///
/// let mut builder = CpuProfileBuilder::new();
/// let (root, leaf) = (builder.open_node()?, builder.open_node()?);
/// builder.fill_node(root, 1, &CallFrame::root(), 0, &[])?;
/// builder.fill_node(leaf, 2, &CallFrame::default(), 1, &[])?;
/// builder.adopt(root, leaf)?;
/// builder.add_sample(Sample { node_id: 2, timestamp_us: 15 });
/// let profile = builder.finish(10, 20)?;
/// assert_eq!((profile.node_count(), profile.child_count(profile.root())), (2, 1));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct CpuProfileBuilder {
    pub(super) nodes: Vec<Draft>,
    /// Nodes that have a parent, in the order in which they got it.
    adopted: Vec<u32>,
    pub(super) numbers: HashMap<u32, u32>,
    frames: FrameTableBuilder,
    pub(super) ticks: Vec<LineTick>,
    pub(super) samples: Vec<Sample>,
}

impl CpuProfileBuilder {
    /// Nothing yet.
    ///
    /// ```
    /// assert!(rs_profiler_core::model::CpuProfileBuilder::new().finish(0, 0).is_err());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for a node; [`fill_node`](Self::fill_node) has to follow.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] when there are `u32::MAX - 1` nodes.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// assert!(CpuProfileBuilder::new().open_node().is_ok());
    /// ```
    pub fn open_node(&mut self) -> Result<OpenNode> {
        let number = as_u32(self.nodes.len() + 2, "nodes")? - 2;
        self.nodes.push(Draft {
            id: 0,
            frame: NONE,
            hits: 0,
            first_tick: 0,
            ticks: 0,
            parent: NONE,
        });
        Ok(OpenNode(number))
    }

    /// Gives `node` its fields, once.
    ///
    /// # Errors
    ///
    /// [`Error::NotATree`] when the node was filled, or another has its id; [`Error::TooLarge`] when there are more than
    /// `u32::MAX` names or line hits; [`Error::UnknownNode`] for a node of another profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, CpuProfileBuilder};
    /// let mut builder = CpuProfileBuilder::new();
    /// let node = builder.open_node()?;
    /// builder.fill_node(node, 1, &CallFrame::root(), 0, &[])?;
    /// assert!(builder.fill_node(node, 1, &CallFrame::root(), 0, &[]).is_err());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn fill_node(
        &mut self,
        node: OpenNode,
        id: u32,
        frame: &CallFrame<'_>,
        hits: u32,
        ticks: &[LineTick],
    ) -> Result<()> {
        if self.draft(node)?.frame != NONE || self.numbers.insert(id, node.0).is_some() {
            return Err(Error::NotATree {
                id,
                reason: "is there twice",
            });
        }
        let frame = self.frames.intern(frame)?;
        let first_tick = as_u32(self.ticks.len(), "line hits")?;
        as_u32(self.ticks.len() + ticks.len(), "line hits")?;
        self.ticks.extend_from_slice(ticks);
        let draft = &mut self.nodes[node.index()];
        (draft.id, draft.frame, draft.hits) = (id, frame, hits);
        (draft.first_tick, draft.ticks) = (first_tick, ticks.len() as u32);
        Ok(())
    }

    /// Takes `node` back, which nothing may be known of. Only the node opened last can be taken back; says whether it
    /// was.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// let mut builder = CpuProfileBuilder::new();
    /// let (first, second) = (builder.open_node()?, builder.open_node()?);
    /// assert!(!builder.close_unfilled(first) && builder.close_unfilled(second));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn close_unfilled(&mut self, node: OpenNode) -> bool {
        let is_last = node.index() + 1 == self.nodes.len() && !self.is_filled(node);
        if is_last {
            self.nodes.pop();
            if self.adopted.last() == Some(&node.0) {
                self.adopted.pop();
            }
        }
        is_last
    }

    /// Whether [`fill_node`](Self::fill_node) was called for `node`.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// let mut builder = CpuProfileBuilder::new();
    /// let node = builder.open_node()?;
    /// assert!(!builder.is_filled(node));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn is_filled(&self, node: OpenNode) -> bool {
        self.draft(node).is_ok_and(|draft| draft.frame != NONE)
    }

    /// The node with this id.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// assert_eq!(CpuProfileBuilder::new().node_with_id(1), None);
    /// ```
    pub fn node_with_id(&self, id: u32) -> Option<OpenNode> {
        self.numbers.get(&id).map(|&number| OpenNode(number))
    }

    /// Whether `node` has a parent.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// let mut builder = CpuProfileBuilder::new();
    /// let node = builder.open_node()?;
    /// assert!(!builder.has_parent(node));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn has_parent(&self, node: OpenNode) -> bool {
        self.draft(node).is_ok_and(|draft| draft.parent != NONE)
    }

    /// Makes `child` the last child of `parent`.
    ///
    /// # Errors
    ///
    /// [`Error::NotATree`] when `child` has a parent or is the root; [`Error::UnknownNode`] for a node of another
    /// profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::CpuProfileBuilder;
    /// let mut builder = CpuProfileBuilder::new();
    /// let root = builder.open_node()?;
    /// assert!(builder.adopt(root, root).is_err());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn adopt(&mut self, parent: OpenNode, child: OpenNode) -> Result<()> {
        self.draft(parent)?;
        let draft = self.draft(child)?;
        let reason = match (child.0, draft.parent) {
            (0, _) => "is the root and a child of another",
            (_, NONE) => {
                self.nodes[child.index()].parent = parent.0;
                self.adopted.push(child.0);
                return Ok(());
            }
            _ => "is a child of two nodes",
        };
        Err(Error::NotATree { id: draft.id, reason })
    }

    /// Adds a sample. Its node need not be there.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CpuProfileBuilder, Sample};
    /// CpuProfileBuilder::new().add_sample(Sample { node_id: 1, timestamp_us: 0 });
    /// ```
    pub fn add_sample(&mut self, sample: Sample) {
        self.samples.push(sample);
    }

    /// The finished profile, recorded between these times (in microseconds).
    ///
    /// Takes time linear in nodes and samples.
    ///
    /// # Errors
    ///
    /// [`Error::NotATree`] when there is no root, a node is not filled, or not all hang below the root.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, CpuProfileBuilder};
    /// let mut builder = CpuProfileBuilder::new();
    /// let (root, _lost) = (builder.open_node()?, builder.open_node()?);
    /// builder.fill_node(root, 1, &CallFrame::root(), 0, &[])?;
    /// assert!(builder.finish(0, 0).is_err());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn finish(self, start_time_us: i64, end_time_us: i64) -> Result<CpuProfile> {
        let broken = |id, reason| Err(Error::NotATree { id, reason });
        if let Some(node) = self.nodes.iter().find(|node| node.frame == NONE) {
            return broken(node.id, "has no fields");
        }
        let (first_child, children) = self.children();
        // Every node but the root has one parent at most, so what the root reaches is a tree.
        let mut reached = vec![false; self.nodes.len()];
        let mut open: Vec<u32> = if self.nodes.is_empty() { vec![] } else { vec![0] };
        let mut count = open.len();
        while let Some(node) = open.pop() {
            reached[node as usize] = true;
            let below = first_child[node as usize] as usize..first_child[node as usize + 1] as usize;
            count += below.len();
            open.extend_from_slice(&children[below]);
        }
        if self.nodes.is_empty() {
            return broken(0, "that should be the root is not there");
        }
        if count < self.nodes.len() {
            let lost = reached.iter().position(|&reached| !reached).unwrap_or(0);
            return match self.nodes[lost].parent {
                NONE => broken(self.nodes[lost].id, "has no parent and is not the root"),
                _ => broken(self.nodes[lost].id, "does not hang below the root"),
            };
        }
        CpuProfile::copy_of(&LinkedNodes {
            nodes: &self.nodes,
            first_child: &first_child,
            children: &children,
            frames: &self.frames.finish(),
            ticks: &self.ticks,
            samples: &self.samples,
            start_time_us,
            end_time_us,
        })
    }

    /// For each node the first of its children in the list of all children, in the order of adoption.
    fn children(&self) -> (Vec<u32>, Vec<u32>) {
        let mut first_child = vec![0_u32; self.nodes.len() + 2];
        for &child in &self.adopted {
            first_child[self.nodes[child as usize].parent as usize + 2] += 1;
        }
        for node in 1..first_child.len() {
            first_child[node] += first_child[node - 1];
        }
        let mut children = vec![0; self.adopted.len()];
        for &child in &self.adopted {
            let place = &mut first_child[self.nodes[child as usize].parent as usize + 1];
            children[*place as usize] = child;
            *place += 1;
        }
        (first_child, children)
    }

    fn draft(&self, OpenNode(index): OpenNode) -> Result<Draft> {
        self.nodes.get(index as usize).copied().ok_or(Error::UnknownNode {
            index,
            nodes: self.nodes.len() as u32,
        })
    }
}
