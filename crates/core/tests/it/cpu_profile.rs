//! `CpuProfile::copy_of` keeps everything, whatever the shape.

use crate::common::{cases, plain_nodes, plain_samples, profile, Regular};
use proptest::prelude::*;
use rs_profiler_core::model::{CallTree, ChildIndex, CpuProfile, CpuProfileSource, NodeId};

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_copy_keeps_everything_and_so_does_its_copy(source in profile()) {
        let copy = CpuProfile::copy_of(&source).unwrap();
        for copy in [CpuProfile::copy_of(&copy).unwrap(), copy] {
            prop_assert_eq!(plain_nodes(&copy), plain_nodes(&source));
            prop_assert_eq!(plain_samples(&copy), plain_samples(&source));
            prop_assert_eq!(copy.start_time(), source.start_time());
            prop_assert_eq!(copy.end_time(), source.end_time());
        }
    }
}

#[test]
fn a_stack_of_two_hundred_thousand_frames_overflows_nothing() {
    let source = Regular {
        nodes: 200_000,
        fan: 1,
        samples: 0,
    };
    let copy = CpuProfile::copy_of(&source).unwrap();
    let mut node = copy.root().unwrap();
    let mut depth = 1;
    while let Some(child) = copy.child(node, ChildIndex::new(0)) {
        node = child;
        depth += 1;
    }
    assert_eq!((depth, copy.node_id(node)), (200_000, NodeId::new(1)));
}
