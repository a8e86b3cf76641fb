//! A CPU profile of our own, as small as its content allows: some 16 bytes per node and 8 per sample.
//!
//! Nodes are numbered level by level, so the children of a node are neighbours and one number per node (its first
//! child) keeps the whole tree, in its order. Ids are a column of their own: nothing is assumed about them.

use std::collections::VecDeque;

use super::count::as_u32;
use super::empty_profile::EmptyProfile;
use super::frame_table::{FrameTable, FrameTableBuilder};
use super::hit_column::{HitColumn, HitColumnBuilder};
use super::timeline::Timeline;
use super::{CallFrame, CpuProfileSource, LineTick, Sample, Step, TreeWalk};
use crate::Result;

/// A node of a [`CpuProfile`]. Means nothing to another profile.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, CpuProfileSource};
/// let profile = CpuProfile::empty(0, 0)?;
/// assert_eq!(profile.root(), profile.root());
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CpuProfileNode(u32);

/// A CPU profile that owns its data and needs no V8.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, CpuProfileSource};
/// let original = CpuProfile::empty(5, 25)?;
/// let copy = CpuProfile::copy_of(&original)?;
/// assert_eq!(copy.node_count(), 1);
/// assert_eq!(copy.end_time_us() - copy.start_time_us(), 20);
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CpuProfile {
    ids: Box<[u32]>,
    /// One more than there are nodes: the children of node n are `first_child[n]..first_child[n + 1]`.
    first_child: Box<[u32]>,
    frame_numbers: Box<[u32]>,
    hits: HitColumn,
    frames: FrameTable,
    timeline: Timeline,
    start_time_us: i64,
    end_time_us: i64,
}

impl CpuProfile {
    /// Copies `source`: same nodes, same order of children, same samples.
    ///
    /// Reads the tree twice (once to learn its size, so that each column is allocated once, at its final size), in time
    /// linear in nodes and samples. Beside the copy it needs a queue as long as the two widest neighbouring levels.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`](crate::Error::TooLarge) when the profile has more than `u32::MAX` nodes.
    ///
    /// ```
    /// use rs_profiler_core::model::{CpuProfile, CpuProfileSource};
    /// let copy = CpuProfile::copy_of(&CpuProfile::empty(5, 25)?)?;
    /// assert_eq!(copy.start_time_us(), 5);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn copy_of<S: CpuProfileSource>(source: &S) -> Result<Self> {
        let size = TreeSize::of(source);
        as_u32(size.nodes + 1, "nodes")?;
        let mut columns = Columns::with_capacity(size.nodes);
        let mut queue = VecDeque::with_capacity(size.widest_pair);
        let mut ticks = Vec::new();
        queue.push_back(source.root());
        let mut numbered = 1;
        while let Some(node) = queue.pop_front() {
            let waiting = queue.len();
            queue.extend(source.children(node));
            source.line_ticks(node, &mut ticks);
            columns.ids.push(source.node_id(node));
            columns.first_child.push(as_u32(numbered, "nodes")?);
            columns.frame_numbers.push(columns.frames.intern(&source.frame(node))?);
            columns.hits.push(source.hit_count(node), &ticks)?;
            numbered += queue.len() - waiting;
        }
        columns.first_child.push(as_u32(numbered, "nodes")?);
        Ok(CpuProfile {
            ids: columns.ids.into_boxed_slice(),
            first_child: columns.first_child.into_boxed_slice(),
            frame_numbers: columns.frame_numbers.into_boxed_slice(),
            hits: columns.hits.finish(),
            frames: columns.frames.finish(),
            timeline: Timeline::copy_of(source),
            start_time_us: source.start_time_us(),
            end_time_us: source.end_time_us(),
        })
    }

    /// A profile with a root and nothing else.
    ///
    /// # Errors
    ///
    /// As [`copy_of`](Self::copy_of), so never in practice.
    ///
    /// ```
    /// use rs_profiler_core::model::{CpuProfile, CpuProfileSource};
    /// assert_eq!(CpuProfile::empty(1, 2)?.sample_count(), 0);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn empty(start_time_us: i64, end_time_us: i64) -> Result<Self> {
        Self::copy_of(&EmptyProfile {
            start_time_us,
            end_time_us,
        })
    }

    /// How many nodes the tree has, the root included.
    ///
    /// ```
    /// assert_eq!(rs_profiler_core::model::CpuProfile::empty(1, 2)?.node_count(), 1);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn node_count(&self) -> usize {
        self.ids.len()
    }

    /// Bytes the profile holds on the heap.
    ///
    /// ```
    /// assert!(rs_profiler_core::model::CpuProfile::empty(1, 2)?.heap_bytes() < 100);
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn heap_bytes(&self) -> usize {
        [&self.ids, &self.first_child, &self.frame_numbers]
            .iter()
            .map(|column| std::mem::size_of_val(&***column))
            .sum::<usize>()
            + self.hits.heap_bytes()
            + self.frames.heap_bytes()
            + self.timeline.heap_bytes()
    }

    /// Numbers of the node's children.
    fn child_numbers(&self, CpuProfileNode(node): CpuProfileNode) -> std::ops::Range<u32> {
        match self.first_child.get(node as usize..) {
            Some([start, end, ..]) => *start..*end,
            _ => 0..0,
        }
    }
}

impl CpuProfileSource for CpuProfile {
    type Node = CpuProfileNode;

    fn root(&self) -> CpuProfileNode {
        CpuProfileNode(0)
    }

    fn child_count(&self, node: CpuProfileNode) -> usize {
        self.child_numbers(node).len()
    }

    fn child(&self, node: CpuProfileNode, index: usize) -> Option<CpuProfileNode> {
        self.child_numbers(node).nth(index).map(CpuProfileNode)
    }

    fn node_id(&self, CpuProfileNode(node): CpuProfileNode) -> u32 {
        self.ids.get(node as usize).copied().unwrap_or(0)
    }

    fn hit_count(&self, CpuProfileNode(node): CpuProfileNode) -> u32 {
        self.hits.hits(node)
    }

    fn frame(&self, CpuProfileNode(node): CpuProfileNode) -> CallFrame<'_> {
        self.frame_numbers
            .get(node as usize)
            .map_or_else(CallFrame::default, |&number| self.frames.get(number))
    }

    fn line_ticks(&self, CpuProfileNode(node): CpuProfileNode, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        self.hits.append_ticks(node, ticks);
    }

    fn sample_count(&self) -> usize {
        self.timeline.len()
    }

    fn sample(&self, index: usize) -> Sample {
        self.timeline.get(index)
    }

    fn start_time_us(&self) -> i64 {
        self.start_time_us
    }

    fn end_time_us(&self) -> i64 {
        self.end_time_us
    }
}

/// The columns of a profile being filled.
struct Columns {
    ids: Vec<u32>,
    first_child: Vec<u32>,
    frame_numbers: Vec<u32>,
    hits: HitColumnBuilder,
    frames: FrameTableBuilder,
}

impl Columns {
    fn with_capacity(nodes: usize) -> Self {
        Columns {
            ids: Vec::with_capacity(nodes),
            first_child: Vec::with_capacity(nodes + 1),
            frame_numbers: Vec::with_capacity(nodes),
            hits: HitColumnBuilder::with_capacity(nodes),
            frames: FrameTableBuilder::default(),
        }
    }
}

/// What has to be known of a tree before it is copied.
struct TreeSize {
    nodes: usize,
    /// Nodes of the two neighbouring levels that have most of them together.
    widest_pair: usize,
}

impl TreeSize {
    fn of(source: &impl CpuProfileSource) -> Self {
        let mut levels: Vec<usize> = Vec::new();
        let mut walk = TreeWalk::new(source);
        while let Some(step) = walk.next() {
            if let Step::Enter(_) = step {
                let depth = walk.depth();
                levels.resize(levels.len().max(depth), 0);
                levels[depth - 1] += 1;
            }
        }
        TreeSize {
            nodes: levels.iter().sum(),
            widest_pair: levels.windows(2).map(|pair| pair[0] + pair[1]).max().unwrap_or(1),
        }
    }
}
