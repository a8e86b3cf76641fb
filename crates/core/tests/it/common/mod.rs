//! Profiles for the tests: recorded ones, read from real inspector texts, random ones, and large regular ones.

mod random;
mod recorded;
mod regular;
pub mod snapshot_text;
mod test_profile;

pub use random::{cases, profile};
pub use regular::Regular;
pub use test_profile::{TestNode, TestProfile};

use rs_profiler_core::model::{CallFrame, CpuProfileSource, Line, LineTick, NodeId, Sample, Step, TreeWalk};

/// The Node versions that fixtures were recorded with.
pub const NODES: [u32; 5] = [18, 20, 22, 24, 26];

/// The text of a fixture.
pub fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All there is to know of a node, its children by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainNode {
    pub id: NodeId,
    pub hit_count: u32,
    pub frame: CallFrame<'static>,
    pub ticks: Vec<LineTick>,
    pub children: Vec<NodeId>,
}

/// The nodes of `source` in preorder.
pub fn plain_nodes<S: CpuProfileSource>(source: &S) -> Vec<PlainNode> {
    let mut ticks = vec![LineTick {
        line: Line::from_one_based(99),
        ticks: 99,
    }];
    TreeWalk::new(source)
        .filter_map(|step| match step {
            Step::Enter(node) => Some(node),
            Step::Leave(_) => None,
        })
        .map(|node| {
            source.line_ticks(node, &mut ticks);
            let frame = source.frame(node);
            PlainNode {
                id: source.node_id(node),
                hit_count: source.hit_count(node),
                frame: CallFrame {
                    function_name: frame.function_name.into_owned().into(),
                    url: frame.url.into_owned().into(),
                    bailout_reason: frame.bailout_reason.into_owned().into(),
                    script_id: frame.script_id,
                    line: frame.line,
                    column: frame.column,
                },
                ticks: ticks.clone(),
                children: source.children(node).map(|child| source.node_id(child)).collect(),
            }
        })
        .collect()
}

/// The samples of `source`.
pub fn plain_samples(source: &impl CpuProfileSource) -> Vec<Sample> {
    source.samples().collect()
}
