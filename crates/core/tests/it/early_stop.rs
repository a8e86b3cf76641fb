//! A sink that refuses stops the writer at once, and the error says how far it came.

use std::io::{self, Write};

use rs_profiler_core::format::cpuprofile::{inspector, nodes, timeline, tree, ProfileHeader};
use rs_profiler_core::format::heapprofile;
use rs_profiler_core::model::{
    CallFrame, CpuProfile, CpuProfileSource, HeapSample, LineTick, Sample, SamplingHeapProfile,
};
use rs_profiler_core::Error;

/// Accepts a number of chunks, then fails; remembers the sizes.
struct Limited {
    chunks: Vec<usize>,
    limit: usize,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunks.len() == self.limit {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, "closed"));
        }
        self.chunks.push(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A root with many children and many samples.
struct Wide;

const WIDTH: usize = 30_000;

impl CpuProfileSource for Wide {
    type Node = usize;

    fn root(&self) -> usize {
        0
    }

    fn child_count(&self, node: usize) -> usize {
        if node == 0 {
            WIDTH
        } else {
            0
        }
    }

    fn child(&self, _node: usize, index: usize) -> Option<usize> {
        Some(index + 1)
    }

    fn node_id(&self, node: usize) -> u32 {
        node as u32 + 1
    }

    fn hit_count(&self, _node: usize) -> u32 {
        1
    }

    fn frame(&self, _node: usize) -> CallFrame<'_> {
        CallFrame::root()
    }

    fn line_ticks(&self, _node: usize, ticks: &mut Vec<LineTick>) {
        ticks.clear();
    }

    fn sample_count(&self) -> usize {
        WIDTH * 2
    }

    fn sample(&self, index: usize) -> Sample {
        Sample {
            node_id: 1,
            timestamp_us: index as i64 * 1_000_000,
        }
    }

    fn start_time_us(&self) -> i64 {
        0
    }

    fn end_time_us(&self) -> i64 {
        0
    }
}

fn heap_profile() -> SamplingHeapProfile {
    let mut builder = SamplingHeapProfile::builder();
    let root = builder.add_root(1, &CallFrame::root(), &[]).unwrap();
    for id in 0..WIDTH {
        builder.add_node(root, id as u32 + 2, &CallFrame::root(), &[]).unwrap();
        builder.add_sample(HeapSample {
            size: 1,
            count: 1,
            node_id: 1,
            sample_id: 1,
        });
    }
    builder.finish()
}

/// A writer by its name, and the number of bytes it wrote.
type Writer<'a> = (&'a str, Box<dyn Fn(&mut Limited) -> Result<u64, Error> + 'a>);

#[test]
fn every_writer_stops_where_its_sink_fails() {
    let heap = heap_profile();
    let header = ProfileHeader::for_nodes("0", "a", &Wide);
    let writers: Vec<Writer<'_>> = vec![
        (
            "inspector",
            Box::new(|s| inspector::write(&Wide, inspector::Options::default(), s).map(|w| w.bytes)),
        ),
        ("nodes", Box::new(|s| nodes::write(&Wide, &header, s).map(|w| w.bytes))),
        ("tree", Box::new(|s| tree::write(&Wide, &header, s).map(|w| w.bytes))),
        (
            "samples",
            Box::new(|s| timeline::write_samples(&Wide, s).map(|w| w.bytes)),
        ),
        (
            "timeDeltas",
            Box::new(|s| timeline::write_time_deltas(&Wide, s).map(|w| w.bytes)),
        ),
        (
            "timestamps",
            Box::new(|s| timeline::write_timestamps(&Wide, s).map(|w| w.bytes)),
        ),
        ("heap tree", Box::new(|s| heapprofile::tree::write(&heap, s))),
        ("heap inspector", Box::new(|s| heapprofile::inspector::write(&heap, s))),
    ];
    for (name, write) in &writers {
        let mut all = Limited {
            chunks: Vec::new(),
            limit: usize::MAX,
        };
        let bytes = write(&mut all).unwrap();
        assert_eq!(bytes, all.chunks.iter().sum::<usize>() as u64, "{name}");
        assert!(all.chunks.len() > 1, "{name} came in one piece");
        let largest = *all.chunks.iter().max().unwrap();
        assert!(largest < 66_000, "{name} handed over {largest} bytes at once");

        for limit in [0, 1, all.chunks.len() - 1] {
            let mut sink = Limited {
                chunks: Vec::new(),
                limit,
            };
            let Err(Error::Sink { offset, source }) = write(&mut sink) else {
                panic!("{name} did not stop")
            };
            assert_eq!(source.kind(), io::ErrorKind::BrokenPipe);
            assert_eq!(offset, all.chunks[..limit].iter().sum::<usize>() as u64, "{name}");
        }
    }
}

#[test]
fn a_failing_sink_keeps_its_own_message() {
    let profile = CpuProfile::empty(0, 0).unwrap();
    let error = timeline::write_samples(
        &profile,
        Limited {
            chunks: Vec::new(),
            limit: 0,
        },
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "The sink refused the text after 0 bytes: closed");
}
