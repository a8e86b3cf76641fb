//! Filling a sampling heap profile, node by node, while V8 shows its own.

use super::count::as_u32;
use super::frame_table::FrameTableBuilder;
use super::sampling::Node;
use super::{Allocation, CallFrame, HeapNodeIndex, HeapSample, SamplingHeapProfile};
use crate::{Error, Result};

/// A [`SamplingHeapProfile`] being filled, parents before their children.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
/// let mut builder = SamplingHeapProfile::builder();
/// builder.add_root(1, &CallFrame::root(), &[])?;
/// assert_eq!(builder.finish().node_count(), 1);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct SamplingHeapProfileBuilder {
    nodes: Vec<Node>,
    allocations: Vec<Allocation>,
    samples: Vec<HeapSample>,
    frames: FrameTableBuilder,
}

impl SamplingHeapProfileBuilder {
    /// Adds the top of the tree, anew if there is one already: everything added before is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] when there are more than `u32::MAX` allocation sizes.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// assert!(SamplingHeapProfile::builder().add_root(1, &CallFrame::root(), &[]).is_ok());
    /// ```
    pub fn add_root(&mut self, id: u32, frame: &CallFrame<'_>, allocations: &[Allocation]) -> Result<HeapNodeIndex> {
        *self = Self::default();
        self.push(id, frame, allocations)
    }

    /// Adds a node as the last child of `parent`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownNode`] when `parent` is of another profile, [`Error::TooLarge`] when there are more than
    /// `u32::MAX` nodes or allocation sizes.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallFrame, SamplingHeapProfile};
    /// let root = SamplingHeapProfile::builder().add_root(1, &CallFrame::root(), &[])?;
    /// let mut other = SamplingHeapProfile::builder();
    /// assert!(other.add_node(root, 2, &CallFrame::default(), &[]).is_err());
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn add_node(
        &mut self,
        parent: HeapNodeIndex,
        id: u32,
        frame: &CallFrame<'_>,
        allocations: &[Allocation],
    ) -> Result<HeapNodeIndex> {
        let nodes = as_u32(self.nodes.len(), "nodes")?;
        if parent.0 >= nodes {
            return Err(Error::UnknownNode { index: parent.0, nodes });
        }
        let index = self.push(id, frame, allocations)?;
        let parent = &mut self.nodes[parent.0 as usize];
        match parent.last_child.replace(index) {
            Some(HeapNodeIndex(previous)) => self.nodes[previous as usize].next_sibling = Some(index),
            None => parent.first_child = Some(index),
        }
        Ok(index)
    }

    /// Adds a sample.
    ///
    /// ```
    /// # use rs_profiler_core::model::{HeapSample, SamplingHeapProfile};
    /// let mut builder = SamplingHeapProfile::builder();
    /// builder.add_sample(HeapSample { size: 8, count: 1, node_id: 1, sample_id: 1 });
    /// assert_eq!(builder.finish().samples().len(), 1);
    /// ```
    pub fn add_sample(&mut self, sample: HeapSample) {
        self.samples.push(sample);
    }

    /// The finished profile.
    ///
    /// ```
    /// # use rs_profiler_core::model::SamplingHeapProfile;
    /// assert_eq!(SamplingHeapProfile::builder().finish().node_count(), 0);
    /// ```
    pub fn finish(self) -> SamplingHeapProfile {
        SamplingHeapProfile {
            nodes: self.nodes.into_boxed_slice(),
            allocations: self.allocations.into_boxed_slice(),
            samples: self.samples.into_boxed_slice(),
            frames: self.frames.finish(),
        }
    }

    fn push(&mut self, id: u32, frame: &CallFrame<'_>, allocations: &[Allocation]) -> Result<HeapNodeIndex> {
        let index = HeapNodeIndex(as_u32(self.nodes.len(), "nodes")?);
        self.nodes.push(Node {
            id,
            frame: self.frames.intern(frame)?,
            first_allocation: as_u32(self.allocations.len(), "allocation sizes")?,
            first_child: None,
            last_child: None,
            next_sibling: None,
        });
        self.allocations.extend_from_slice(allocations);
        Ok(index)
    }
}
