//! A static flame graph as SVG, drawn by inferno over collapsed stacks. Zoom and search work in a browser, offline.
//!
//! Frames narrower than the least share are drawn as part of their callers, so the picture's size does not depend on
//! that of the profile.

use std::io::Write;

use inferno::flamegraph::{self, Direction};

use super::chunks::{Chunks, CHUNK};
use super::collapsed::{for_each_stack, Value};
use crate::model::{CallNode, CallTree, MetaFilter, Units};
use crate::{Error, Result};

/// How a flame graph looks.
///
/// ```
/// use rs_profiler_core::format::flame_graph::FlameGraphOptions;
/// let options = FlameGraphOptions::titled("checkout");
/// assert_eq!((&*options.title, options.inverted, options.least_share), ("checkout", false, 0.0005));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FlameGraphOptions {
    /// Stands above the picture. Default is `Flame graph`.
    pub title: String,
    /// What the width is. Default is the amount: microseconds or bytes.
    pub value: Value,
    /// What is drawn beside functions. Default is without idle time.
    pub stacks: MetaFilter,
    /// Whether the root is at the top. Default is false.
    pub inverted: bool,
    /// Frames with less than this share of what is drawn are not drawn, from 0 to 1. Default is 0.0005, half a pixel.
    pub least_share: f64,
}

impl Default for FlameGraphOptions {
    fn default() -> Self {
        Self::titled("Flame graph")
    }
}

impl FlameGraphOptions {
    /// Default options but for the title.
    ///
    /// ```
    /// use rs_profiler_core::format::flame_graph::FlameGraphOptions;
    /// assert_eq!(FlameGraphOptions::titled("Flame graph"), FlameGraphOptions::default());
    /// ```
    pub fn titled(title: &str) -> Self {
        FlameGraphOptions {
            title: title.to_owned(),
            value: Value::Amount,
            stacks: MetaFilter::default(),
            inverted: false,
            least_share: 0.0005,
        }
    }
}

/// Draws the flame graph. Returns the length of the SVG.
///
/// # Errors
///
/// [`Error::NothingToDraw`] when nothing was recorded, [`Error::Drawing`] when inferno fails, [`Error::Sink`], as every
/// writer.
///
/// ```
/// use rs_profiler_core::format::flame_graph;
/// use rs_profiler_core::model::{Allocation, CallFrame, CallTree, HeapCounts, SamplingHeapProfile};
///
/// let mut builder = SamplingHeapProfile::builder();
/// let root = builder.add_root(1, &CallFrame::root(), &[])?;
/// let frame = CallFrame { function_name: "read".into(), ..CallFrame::default() };
/// builder.add_node(root, 2, &frame, &[Allocation { size: 24, count: 10 }])?;
/// let tree = CallTree::of_heap_profile(&builder.finish(), HeapCounts::Objects)?;
///
/// let mut svg = Vec::new();
/// flame_graph::write(&tree, &flame_graph::FlameGraphOptions::default(), &mut svg)?;
/// assert!(String::from_utf8(svg).is_ok_and(|svg| svg.contains("read (240 bytes, 100.00%)")));
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
pub fn write(tree: &CallTree, options: &FlameGraphOptions, sink: impl Write) -> Result<u64> {
    let lines = lines_of(tree, options)?;
    let unit = unit_of(tree.units(), options.value);
    if lines.is_empty() {
        return Err(Error::NothingToDraw { what: unit });
    }
    let mut inferno = flamegraph::Options::default();
    inferno.title.clone_from(&options.title);
    inferno.count_name = unit.to_owned();
    // The same function has the same colour in every picture.
    inferno.hash = true;
    if options.inverted {
        inferno.direction = Direction::Inverted;
    }
    let mut svg = Vec::new();
    flamegraph::from_lines(&mut inferno, lines.iter().map(String::as_str), &mut svg)
        .map_err(|source| Error::Drawing { source })?;
    let mut file = Chunks::new(sink);
    for chunk in svg.chunks(CHUNK) {
        file.buffer().extend_from_slice(chunk);
        file.spill()?;
    }
    file.finish()
}

fn unit_of(units: Units, value: Value) -> &'static str {
    match (value, units) {
        (Value::Count, Units::ObjectsAndBytes) => "objects",
        (Value::Count, _) => "samples",
        (Value::Amount, Units::SamplesAndMicroseconds) => "microseconds",
        (Value::Amount, _) => "bytes",
    }
}

/// Collapsed stacks without the frames that are too narrow.
fn lines_of(tree: &CallTree, options: &FlameGraphOptions) -> Result<Vec<String>> {
    let value = options.value;
    let total = |node: CallNode| value.of(tree.total_weight(node));
    let drawn: u64 = tree
        .children(tree.root())
        .filter(|&node| options.stacks.keeps(tree, node))
        .map(total)
        .fold(0, u64::saturating_add);
    let least = (drawn as f64 * options.least_share.clamp(0.0, 1.0)) as u64;
    let is_wide = |node: CallNode| total(node) >= least;
    let mut own: Vec<u64> = tree.nodes().map(|node| value.of(tree.self_weight(node))).collect();
    for node in tree.nodes().skip(1) {
        if let Some(parent) = tree.parent(node).filter(|&parent| !is_wide(node) && is_wide(parent)) {
            own[parent.index()] = own[parent.index()].saturating_add(total(node));
        }
    }
    let mut lines = Vec::new();
    for_each_stack(
        tree,
        |node| is_wide(node) && options.stacks.keeps(tree, node),
        |node| own[node.index()],
        |stack, value| {
            lines.push(format!("{stack} {value}"));
            Ok(())
        },
    )?;
    Ok(lines)
}
