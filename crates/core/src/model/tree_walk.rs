//! Depth-first walk over a profile tree with a stack on the heap: stacks of recorded programs can be deep, ours is not.

use super::{CallTree, ChildIndex};

/// What the walk meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<N> {
    /// A node, before its children.
    Enter(N),
    /// The same node, after its children.
    Leave(N),
}

/// Iterator over a tree: [`Step::Enter`] gives the nodes in preorder.
///
/// Takes time linear in the number of nodes, and memory linear in the depth of the tree.
///
/// ```
/// use rs_profiler_core::model::{CpuProfile, Micros, Step, TreeWalk};
/// let profile = CpuProfile::empty(Micros::from_micros(0), Micros::from_micros(0))?;
/// let steps: Vec<_> = TreeWalk::new(&profile).collect();
/// assert!(matches!(steps[..], [Step::Enter(root), Step::Leave(left)] if root == left));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub struct TreeWalk<'s, S: CallTree> {
    source: &'s S,
    entered: bool,
    open: Vec<Open<S::Node>>,
}

/// A node whose children are being walked.
struct Open<N> {
    node: N,
    next: usize,
    count: usize,
}

impl<'s, S: CallTree> TreeWalk<'s, S> {
    /// Starts above the root of `source`.
    pub fn new(source: &'s S) -> Self {
        TreeWalk {
            source,
            entered: false,
            open: Vec::new(),
        }
    }

    /// How many nodes are entered and not yet left. After an `Enter`, 1 is the root's own depth.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    fn enter(&mut self, node: S::Node) -> Step<S::Node> {
        self.open.push(Open {
            node,
            next: 0,
            count: self.source.child_count(node),
        });
        Step::Enter(node)
    }
}

impl<S: CallTree> Iterator for TreeWalk<'_, S> {
    type Item = Step<S::Node>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.entered {
            self.entered = true;
            return self.source.root().map(|root| self.enter(root));
        }
        let top = self.open.last_mut()?;
        let node = top.node;
        let child = if top.next < top.count {
            self.source.child(node, ChildIndex::new(top.next))
        } else {
            None
        };
        top.next += 1;
        match child {
            Some(child) => Some(self.enter(child)),
            None => {
                self.open.pop();
                Some(Step::Leave(node))
            }
        }
    }
}
