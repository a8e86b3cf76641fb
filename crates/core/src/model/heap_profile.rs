//! A sampling heap profile of our own.

use std::collections::HashSet;

use rustc_hash::FxBuildHasher;

use super::tree::{is_a_tree, Tree, TreeSize};
use super::{Allocation, Bytes, HeapProfileSource, HeapSample, NodeIndex};
use crate::Result;

/// A sampling heap profile that owns its data and needs no V8.
#[derive(Debug, Clone)]
pub struct SamplingHeapProfile {
    tree: Tree,
    self_sizes: Box<[Bytes]>,
    samples: Box<[HeapSample]>,
}

is_a_tree!(SamplingHeapProfile);

impl SamplingHeapProfile {
    /// Copies `source`: same nodes, same order of children, same samples but for those of nodes that are not in the tree.
    ///
    /// V8 lists the samples after it has made the tree, and making it allocates: the last samples may name a node too new
    /// to be in it. Time is linear in nodes and samples.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when the profile has more than `u32::MAX` nodes.
    pub fn copy_of(source: &impl HeapProfileSource) -> Result<Self> {
        let size = TreeSize::of(source);
        let mut self_sizes = Vec::with_capacity(size.nodes);
        let tree = Tree::copy_of(source, size, |node| {
            let sizes = source.allocations(node).map(Allocation::total_size);
            self_sizes.push(sizes.fold(Bytes::default(), Bytes::plus));
            Ok(())
        })?;
        let known: HashSet<_, FxBuildHasher> = tree.ids().iter().collect();
        let samples = source
            .samples()
            .filter(|sample| known.contains(&sample.node_id))
            .collect();
        Ok(SamplingHeapProfile {
            samples,
            self_sizes: self_sizes.into_boxed_slice(),
            tree,
        })
    }

    /// How many nodes the tree has.
    pub fn node_count(&self) -> usize {
        self.tree.ids().len()
    }

    /// What the node itself allocated; nothing for a node of another profile.
    pub fn self_size(&self, node: NodeIndex) -> Bytes {
        self.self_sizes.get(node.get() as usize).copied().unwrap_or_default()
    }

    /// The samples, in the order of allocation.
    pub fn samples(&self) -> &[HeapSample] {
        &self.samples
    }
}
