//! Collapsed stacks, the lines that flame graph tools read: `main (/srv/app.js:3);work (/srv/app.js:9) 4711`.
//!
//! One line per node that has something itself, outermost frame first. A `;` in a name becomes `:` and a line end a
//! space. Each line repeats its whole stack, so a text can be as long as nodes times depth; it is streamed. Stacks deeper
//! than 512 frames (V8 records 255 at most) are counted at that depth.

use std::io::Write;

use super::chunks::Chunks;
use super::frame_label::push_label;

use crate::model::{CallNode, CallTree, MetaFilter, Weight};
use crate::Result;

/// The deepest stack that is written. V8 records 255 frames at most; what a text claims to lie deeper is counted where
/// the stack was cut, so that no text of some kilobytes makes gigabytes of stacks.
pub(super) const DEEPEST: usize = 512;

/// Which number stands at the end of a line.
///
/// ```
/// use rs_profiler_core::format::collapsed::Value;
/// assert_eq!(Value::default(), Value::Amount);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Samples, or objects.
    Count,
    /// Microseconds, or bytes.
    #[default]
    Amount,
}

impl Value {
    /// The number of `weight` that is meant.
    ///
    /// ```
    /// use rs_profiler_core::{format::collapsed::Value, model::Weight};
    /// assert_eq!(Value::Count.of(Weight { count: 3, amount: 9 }), 3);
    /// ```
    pub fn of(self, weight: Weight) -> u64 {
        match self {
            Value::Count => weight.count,
            Value::Amount => weight.amount,
        }
    }
}

/// Writes the lines. Returns the length of the text.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::format::collapsed;
/// use rs_profiler_core::model::{Allocation, CallFrame, CallTree, HeapCounts, MetaFilter, SamplingHeapProfile};
///
/// let mut builder = SamplingHeapProfile::builder();
/// let root = builder.add_root(1, &CallFrame::root(), &[])?;
/// let frame = CallFrame { function_name: "read".into(), url: "/srv/a.js".into(), line: 4, ..CallFrame::default() };
/// builder.add_node(root, 2, &frame, &[Allocation { size: 24, count: 10 }])?;
/// let tree = CallTree::of_heap_profile(&builder.finish(), HeapCounts::Objects)?;
///
/// let mut text = Vec::new();
/// collapsed::write(&tree, collapsed::Value::Amount, MetaFilter::default(), &mut text)?;
/// assert_eq!(text, b"read (/srv/a.js:4) 240\n");
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(tree: &CallTree, value: Value, options: MetaFilter, sink: impl Write) -> Result<u64> {
    let mut text = Chunks::new(sink);
    let own = |node| value.of(tree.self_weight(node));
    for_each_stack(
        tree,
        |node| options.keeps(tree, node),
        own,
        |stack, value| {
            let buffer = text.buffer();
            buffer.extend_from_slice(stack.as_bytes());
            buffer.push(b' ');
            buffer.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
            buffer.push(b'\n');
            text.spill()
        },
    )?;
    text.finish()
}

/// Calls `line` with each stack that has something and its number, until that fails. Where `keeps` refuses, the whole
/// subtree is left out.
pub(super) fn for_each_stack(
    tree: &CallTree,
    keeps: impl Fn(CallNode) -> bool,
    own: impl Fn(CallNode) -> u64,
    mut line: impl FnMut(&str, u64) -> Result<()>,
) -> Result<()> {
    let mut stack = String::new();
    // Of each open node, the end of its subtree and the length of the stack without it.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut left_out = 0;
    for node in tree.nodes().skip(1) {
        while let Some(&(end, length)) = open.last() {
            if node.index() < end {
                break;
            }
            open.pop();
            stack.truncate(length);
        }
        if node.index() < left_out {
            continue;
        }
        let end = tree.subtree_end(node).index();
        if !keeps(node) {
            left_out = end;
            continue;
        }
        if open.len() < DEEPEST {
            open.push((end, stack.len()));
            if open.len() > 1 {
                stack.push(';');
            }
            push_label(&tree.frame(tree.function(node)), &mut stack);
        }
        let own = own(node);
        if own > 0 {
            line(&stack, own)?;
        }
    }
    Ok(())
}
