//! What writers and analysis work on: a tree of calls with weights, of a CPU profile or a sampling heap profile.
//!
//! Nodes are in preorder, so a subtree is a range of numbers and every sum is a loop over columns. A node names its
//! function; functions are told apart by name and place, so a script that was loaded twice has its functions once.

use super::frame_table::FrameTable;
use super::string_table::StringTable;
use super::{CallFrame, LineTick, MetaFrame, Weight};

/// A node of a [`CallTree`]. Means nothing to another tree. Nodes are ordered as in preorder.
///
/// ```
/// use rs_profiler_core::model::{CallTree, CpuProfile};
/// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?;
/// assert_eq!(tree.root(), tree.root());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallNode(pub(super) u32);

impl CallNode {
    /// Place in preorder, from 0, for columns of one's own.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallTree, CpuProfile};
    /// assert_eq!(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?.root().index(), 0);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A function of a [`CallTree`]. Means nothing to another tree.
///
/// ```
/// use rs_profiler_core::model::{CallTree, CpuProfile};
/// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?;
/// assert_eq!(tree.function(tree.root()).index(), 0);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionIndex(pub(super) u32);

impl FunctionIndex {
    /// Place among the functions, from 0, for columns of one's own.
    ///
    /// ```
    /// # use rs_profiler_core::model::{CallTree, CpuProfile};
    /// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?;
    /// assert_eq!(tree.functions().map(|function| function.index()).collect::<Vec<_>>(), [0]);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the two numbers of a [`Weight`] are.
///
/// ```
/// use rs_profiler_core::model::{CallTree, CpuProfile, Units};
/// assert_eq!(CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?.units(), Units::SamplesAndMicroseconds);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Units {
    /// A CPU profile.
    SamplesAndMicroseconds,
    /// A sampling heap profile that knows its objects.
    ObjectsAndBytes,
    /// A sampling heap profile that only knows which allocations were sampled.
    SamplesAndBytes,
}

/// A tree of calls with weights.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, CallTree, CpuProfileBuilder, Sample, Weight};
///
/// let mut builder = CpuProfileBuilder::new();
/// let (root, main) = (builder.open_node()?, builder.open_node()?);
/// builder.fill_node(root, 1, &CallFrame::root(), 0, &[])?;
/// builder.fill_node(main, 2, &CallFrame { function_name: "main".into(), ..CallFrame::default() }, 1, &[])?;
/// builder.adopt(root, main)?;
/// builder.add_sample(Sample { node_id: 2, timestamp_us: 15 });
/// let tree = CallTree::of_cpu_profile(&builder.finish(10, 40)?)?;
///
/// assert_eq!(tree.total_weight(tree.root()), Weight { count: 1, amount: 25 });
/// assert_eq!(tree.unsampled_us(), 5);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallTree {
    pub(super) units: Units,
    pub(super) duration_us: u64,
    pub(super) unsampled_us: u64,
    pub(super) parents: Box<[u32]>,
    /// One past the last node of the subtree.
    pub(super) ends: Box<[u32]>,
    pub(super) function_numbers: Box<[u32]>,
    /// Why the function was not optimised here, as a number of `reasons`.
    pub(super) reason_numbers: Box<[u32]>,
    pub(super) self_weights: Box<[Weight]>,
    pub(super) total_weights: Box<[Weight]>,
    /// One more than there are nodes: the line hits of node n are `ticks[tick_starts[n]..tick_starts[n + 1]]`.
    pub(super) tick_starts: Box<[u32]>,
    pub(super) ticks: Box<[LineTick]>,
    pub(super) function_table: FrameTable,
    pub(super) reasons: StringTable,
}

impl CallTree {
    /// The same tree with samples for amounts, so that all sums, orders and shares are those of the hits.
    pub fn by_hits(&self) -> CallTree {
        let counted = |weights: &[Weight]| {
            let weights = weights.iter().map(|weight| Weight {
                amount: weight.count,
                ..*weight
            });
            weights.collect()
        };
        CallTree {
            self_weights: counted(&self.self_weights),
            total_weights: counted(&self.total_weights),
            ..self.clone()
        }
    }

    /// What the weights are.
    pub fn units(&self) -> Units {
        self.units
    }

    /// How long the recording took, in microseconds; 0 for a sampling heap profile.
    pub fn duration_us(&self) -> u64 {
        self.duration_us
    }

    /// Microseconds before the first sample, which no node has.
    pub fn unsampled_us(&self) -> u64 {
        self.unsampled_us
    }

    /// The node that stands above all others.
    pub fn root(&self) -> CallNode {
        CallNode(0)
    }

    /// All nodes in preorder, the root first.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = CallNode> + ExactSizeIterator {
        (0..self.parents.len() as u32).map(CallNode)
    }

    /// The node that called this one; nothing for the root.
    pub fn parent(&self, node: CallNode) -> Option<CallNode> {
        match node.0 {
            0 => None,
            _ => self.parents.get(node.index()).copied().map(CallNode),
        }
    }

    /// The node after the last one of the subtree of `node`, which may be one past the end.
    pub fn subtree_end(&self, node: CallNode) -> CallNode {
        CallNode(self.ends.get(node.index()).copied().unwrap_or(0))
    }

    /// The nodes that `node` called, in the order of the profile.
    pub fn children(&self, node: CallNode) -> impl Iterator<Item = CallNode> + '_ {
        let end = self.subtree_end(node);
        let first = CallNode(node.0 + 1);
        std::iter::successors((first < end).then_some(first), move |&child| {
            let next = self.subtree_end(child);
            (next < end).then_some(next)
        })
    }

    /// The function that `node` stands for.
    pub fn function(&self, node: CallNode) -> FunctionIndex {
        FunctionIndex(self.function_numbers.get(node.index()).copied().unwrap_or(0))
    }

    /// All functions, that of the root first.
    pub fn functions(&self) -> impl ExactSizeIterator<Item = FunctionIndex> {
        (0..self.function_table.len() as u32).map(FunctionIndex)
    }

    /// Name and place of a function. The script id is 0 when there is a url, and there is never a bailout reason.
    pub fn frame(&self, function: FunctionIndex) -> CallFrame<'_> {
        self.function_table.get(function.0)
    }

    /// What `node` stands for when it is not a function.
    pub fn meta(&self, node: CallNode) -> Option<MetaFrame> {
        if self.parent(node).is_some_and(|parent| parent != self.root()) {
            return None;
        }
        MetaFrame::of(&self.frame(self.function(node))).filter(|meta| (*meta == MetaFrame::Root) == (node.0 == 0))
    }

    /// Why V8 gave up optimising the function, as far as this node knows; `""` when it did not.
    pub fn deopt_reason(&self, node: CallNode) -> &str {
        let number = self.reason_numbers.get(node.index()).copied().unwrap_or(0);
        match self.reasons.get(number) {
            "no reason" => "",
            reason => reason,
        }
    }

    /// What the node has itself.
    pub fn self_weight(&self, node: CallNode) -> Weight {
        self.self_weights.get(node.index()).copied().unwrap_or(Weight::ZERO)
    }

    /// What the node and all below it have.
    pub fn total_weight(&self, node: CallNode) -> Weight {
        self.total_weights.get(node.index()).copied().unwrap_or(Weight::ZERO)
    }

    /// Hits on lines of the node's function. V8 may name a line more than once.
    pub fn line_ticks(&self, node: CallNode) -> &[LineTick] {
        match self.tick_starts.get(node.index()..) {
            Some([start, end, ..]) => self.ticks.get(*start as usize..*end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
}
