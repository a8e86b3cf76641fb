//! JSON for speedscope, <https://www.speedscope.app/file-format-schema.json>.
//!
//! A CPU profile keeps its order in time: its frames open and close. As in speedscope's own reading of CPU profiles, the
//! time of `(garbage collector)` and `(program)` is shown on top of what ran before, and `(root)` and `(idle)` are not
//! frames. A sampling heap profile has no time: each node is one stack with its bytes.

use std::io::Write;

use super::collapsed::DEEPEST;
use super::frame_label::name_of;
use super::json::JsonWriter;
use crate::model::{CallNode, CallTree, CpuProfileSource, FunctionIndex, MetaFrame, SampleSpan, SampleSpans};
use crate::Result;

/// Writes a CPU profile called `name`. Returns the length of the text.
///
/// Time is linear in nodes, samples and opened frames; memory is that of the [`CallTree`].
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer; [`Error::TooLarge`](crate::Error::TooLarge), as the tree.
///
/// ```
/// use rs_profiler_core::{format::speedscope, model::CpuProfile};
/// let mut text = Vec::new();
/// speedscope::write_cpu_profile(&CpuProfile::empty(0, 9)?, "idle \"hour\"", &mut text)?;
/// assert!(text.ends_with(br#""startValue":0,"endValue":9,"events":[]}]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_cpu_profile(source: &impl CpuProfileSource, name: &str, sink: impl Write) -> Result<u64> {
    let tree = CallTree::of_cpu_profile(source)?;
    let mut json = JsonWriter::new(sink);
    begin(&tree, name, &mut json)?;
    json.begin_object();
    json.key("type");
    json.string("evented");
    json.key("name");
    json.string(name);
    json.key("unit");
    json.string("microseconds");
    json.key("startValue");
    json.integer(0);
    let spans = SampleSpans::of(source);
    let end_of = |span: &SampleSpan| span.start_us.saturating_add(span.duration_us);
    let end = spans.as_slice().last().map_or(0, end_of).max(tree.duration_us());
    json.key("endValue");
    json.integer(end);
    json.key("events");
    json.begin_array();
    let mut stack = Stack {
        tree: &tree,
        depths: depths_of(&tree),
        open: Vec::new(),
        way: Vec::new(),
    };
    for span in spans.as_slice() {
        stack.change_to(span.node, span.start_us, &mut json)?;
    }
    stack.close_down_to(0, spans.as_slice().last().map_or(0, end_of), &mut json)?;
    json.end_array();
    json.end_object();
    finish(json)
}

/// Writes a sampling heap profile called `name`. Returns the length of the text, which can be as long as nodes times
/// depth.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
///
/// ```
/// use rs_profiler_core::format::speedscope;
/// use rs_profiler_core::model::{CallTree, HeapCounts, SamplingHeapProfile};
/// let tree = CallTree::of_heap_profile(&SamplingHeapProfile::default(), HeapCounts::Objects)?;
/// let mut text = Vec::new();
/// speedscope::write_heap_profile(&tree, "heap", &mut text)?;
/// assert!(text.ends_with(br#""samples":[],"weights":[]}]}"#));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write_heap_profile(tree: &CallTree, name: &str, sink: impl Write) -> Result<u64> {
    let mut json = JsonWriter::new(sink);
    begin(tree, name, &mut json)?;
    json.begin_object();
    json.key("type");
    json.string("sampled");
    json.key("name");
    json.string(name);
    json.key("unit");
    json.string("bytes");
    json.key("startValue");
    json.integer(0);
    json.key("endValue");
    json.integer(tree.total_weight(tree.root()).amount);
    let with_bytes = || tree.nodes().filter(|&node| tree.self_weight(node).amount > 0);
    json.key("samples");
    json.begin_array();
    let mut path: Vec<FunctionIndex> = Vec::new();
    let depths = depths_of(tree);
    for node in with_bytes() {
        path.clear();
        let depth = depths[node.index()] as usize;
        // Of a stack that is too deep the innermost frames are left out, as collapsed stacks do it.
        path.extend(
            ancestors(tree, node)
                .skip(depth.saturating_sub(DEEPEST))
                .map(|node| tree.function(node)),
        );
        json.begin_array();
        for function in path.iter().rev() {
            json.integer(function.index());
        }
        json.end_array();
        json.spill()?;
    }
    json.end_array();
    json.key("weights");
    json.begin_array();
    for node in with_bytes() {
        json.integer(tree.self_weight(node).amount);
        json.spill()?;
    }
    json.end_array();
    json.end_object();
    finish(json)
}

/// How many frames the stack of each node has, the root's none.
fn depths_of(tree: &CallTree) -> Vec<u32> {
    let mut depths = vec![0; tree.nodes().len()];
    for node in tree.nodes().skip(1) {
        let parent = tree.parent(node).map_or(0, CallNode::index);
        depths[node.index()] = depths[parent] + 1;
    }
    depths
}

/// `node` and those above it, without the root.
fn ancestors(tree: &CallTree, node: CallNode) -> impl Iterator<Item = CallNode> + '_ {
    let above = |&node: &CallNode| tree.parent(node);
    std::iter::successors(Some(node), above).filter(|&node| node != tree.root())
}

/// Writes everything before the one profile.
fn begin<W: Write>(tree: &CallTree, name: &str, json: &mut JsonWriter<W>) -> Result<()> {
    json.begin_object();
    json.key("$schema");
    json.string("https://www.speedscope.app/file-format-schema.json");
    json.key("name");
    json.string(name);
    json.key("activeProfileIndex");
    json.integer(0);
    json.key("exporter");
    json.string(concat!("rs-profiler@", env!("CARGO_PKG_VERSION")));
    json.key("shared");
    json.begin_object();
    json.key("frames");
    json.begin_array();
    for function in tree.functions() {
        let frame = tree.frame(function);
        json.begin_object();
        json.key("name");
        json.string(name_of(&frame));
        if !frame.url.is_empty() {
            json.key("file");
            json.string(&frame.url);
        }
        for (key, number) in [("line", frame.line), ("col", frame.column)] {
            if number > 0 {
                json.key(key);
                json.integer(number);
            }
        }
        json.end_object();
        json.spill()?;
    }
    json.end_array();
    json.end_object();
    json.key("profiles");
    json.begin_array();
    Ok(())
}

fn finish<W: Write>(mut json: JsonWriter<W>) -> Result<u64> {
    json.end_array();
    json.end_object();
    json.finish()
}

/// The frames that are open.
struct Stack<'t> {
    tree: &'t CallTree,
    depths: Vec<u32>,
    open: Vec<CallNode>,
    /// Reused for the way to the next node.
    way: Vec<CallNode>,
}

impl Stack<'_> {
    /// Closes and opens frames until `node` is on top.
    fn change_to<W: Write>(&mut self, node: CallNode, at: u64, json: &mut JsonWriter<W>) -> Result<()> {
        let tree = self.tree;
        if self.open.last() == Some(&node) {
            return Ok(());
        }
        if self.open.last().is_some_and(|&top| stands_on_top(tree, top)) {
            self.close_down_to(self.open.len() - 1, at, json)?;
        }
        if stands_on_top(tree, node) {
            return self.open_frame(node, at, json);
        }
        self.way.clear();
        let mut common = 0;
        if !matches!(tree.meta(node), Some(MetaFrame::Idle | MetaFrame::Root)) {
            // Up to a frame that is open.
            for node in ancestors(tree, node) {
                let depth = self.depths[node.index()] as usize;
                if self.open.get(depth - 1) == Some(&node) {
                    common = depth;
                    break;
                }
                self.way.push(node);
            }
        }
        self.close_down_to(common, at, json)?;
        while let Some(node) = self.way.pop() {
            self.open_frame(node, at, json)?;
        }
        Ok(())
    }

    fn close_down_to<W: Write>(&mut self, length: usize, at: u64, json: &mut JsonWriter<W>) -> Result<()> {
        while self.open.len() > length {
            if let Some(node) = self.open.pop() {
                event("C", self.tree.function(node), at, json)?;
            }
        }
        Ok(())
    }

    fn open_frame<W: Write>(&mut self, node: CallNode, at: u64, json: &mut JsonWriter<W>) -> Result<()> {
        self.open.push(node);
        event("O", self.tree.function(node), at, json)
    }
}

/// Whether the time of `node` is shown on top of the stack before it.
fn stands_on_top(tree: &CallTree, node: CallNode) -> bool {
    matches!(tree.meta(node), Some(MetaFrame::GarbageCollector | MetaFrame::Program))
}

fn event<W: Write>(kind: &str, function: FunctionIndex, at: u64, json: &mut JsonWriter<W>) -> Result<()> {
    json.begin_object();
    json.key("type");
    json.string(kind);
    json.key("frame");
    json.integer(function.index());
    json.key("at");
    json.integer(at);
    json.end_object();
    json.spill()
}
