//! `CpuProfile::copy_of` keeps everything, in little memory, whatever the shape.

use crate::common::{plain_nodes, plain_samples, RandomTree};
use rs_profiler_core::model::{CallFrame, CpuProfile, CpuProfileSource, LineTick, Sample};

#[test]
fn copy_keeps_random_profiles_with_dense_and_sparse_ids() {
    for seed in 0..400 {
        let source = RandomTree::new(seed, seed % 2 == 0);
        let copy = CpuProfile::copy_of(&source).unwrap();
        assert_eq!(plain_nodes(&copy), plain_nodes(&source), "seed {seed}");
        assert_eq!(plain_samples(&copy), plain_samples(&source), "seed {seed}");
        assert_eq!(copy.node_count(), plain_nodes(&source).len(), "seed {seed}");
        assert_eq!(copy.start_time_us(), source.start_time_us(), "seed {seed}");
        assert_eq!(copy.end_time_us(), source.end_time_us(), "seed {seed}");
    }
}

#[test]
fn copy_of_a_copy_is_the_same() {
    let copy = CpuProfile::copy_of(&RandomTree::new(7, true)).unwrap();
    let again = CpuProfile::copy_of(&copy).unwrap();
    assert_eq!(plain_nodes(&again), plain_nodes(&copy));
    assert_eq!(again.heap_bytes(), copy.heap_bytes());
}

/// A regular tree that takes no memory: node n has the children `fan * n + 1..=fan * n + fan`, as far as they exist.
struct Regular {
    nodes: u32,
    fan: u32,
    samples: u32,
}

impl CpuProfileSource for Regular {
    type Node = u32;

    fn root(&self) -> u32 {
        0
    }

    fn child_count(&self, node: u32) -> usize {
        let first = u64::from(node) * u64::from(self.fan) + 1;
        u64::from(self.nodes).saturating_sub(first).min(u64::from(self.fan)) as usize
    }

    fn child(&self, node: u32, index: usize) -> Option<u32> {
        Some(node * self.fan + 1 + index as u32)
    }

    fn node_id(&self, node: u32) -> u32 {
        self.nodes - node
    }

    fn hit_count(&self, _node: u32) -> u32 {
        1
    }

    fn frame(&self, node: u32) -> CallFrame<'_> {
        CallFrame {
            line: (node % 5_000) as i32,
            url: "/srv/app.js".into(),
            ..CallFrame::root()
        }
    }

    fn line_ticks(&self, node: u32, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        ticks.push(LineTick {
            line: 1 + node % 5_000,
            ticks: 1,
        });
    }

    fn sample_count(&self) -> usize {
        self.samples as usize
    }

    fn sample(&self, index: usize) -> Sample {
        Sample {
            node_id: 1 + index as u32 % self.nodes,
            timestamp_us: (1 << 40) + index as i64 * 1_000,
        }
    }

    fn start_time_us(&self) -> i64 {
        1 << 40
    }

    fn end_time_us(&self) -> i64 {
        1 << 41
    }
}

#[test]
fn a_million_samples_in_nine_hundred_thousand_nodes_take_less_than_26_mb() {
    let profile = CpuProfile::copy_of(&Regular {
        nodes: 900_000,
        fan: 4,
        samples: 1_000_000,
    })
    .unwrap();
    assert_eq!((profile.node_count(), profile.sample_count()), (900_000, 1_000_000));
    // 16 bytes per node, 8 per sample, and next to nothing for 5 000 functions.
    let bytes = profile.heap_bytes();
    assert!((22_400_000..22_700_000).contains(&bytes), "{bytes} bytes");
}

#[test]
fn a_stack_of_a_million_frames_overflows_nothing() {
    let source = Regular {
        nodes: 1_000_000,
        fan: 1,
        samples: 0,
    };
    let copy = CpuProfile::copy_of(&source).unwrap();
    let mut node = copy.root();
    let mut depth = 1;
    while copy.child_count(node) == 1 {
        node = copy.child(node, 0).unwrap();
        depth += 1;
    }
    assert_eq!((depth, copy.node_id(node)), (1_000_000, 1));
}
