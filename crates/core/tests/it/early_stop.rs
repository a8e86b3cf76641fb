//! A sink that refuses stops the writer at once, and the error says how far it came.

use std::io::{self, Write};

use crate::common::Regular;
use rs_profiler_core::format::cpuprofile::{inspector, nodes, timeline, tree, ProfileHeader};
use rs_profiler_core::format::heapprofile;
use rs_profiler_core::format::Written;
use rs_profiler_core::model::{Bytes, SamplingHeapProfile};
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
const WIDE: Regular = Regular {
    nodes: 30_001,
    fan: 30_000,
    samples: 60_000,
};

/// A writer by its name.
type Writer<'a> = (&'a str, Box<dyn Fn(&mut Limited) -> Result<Written, Error> + 'a>);

#[test]
fn every_writer_stops_where_its_sink_fails() {
    let heap = SamplingHeapProfile::copy_of(&WIDE).unwrap();
    let header = ProfileHeader {
        type_id: "CPU",
        uid: "0",
        title: "a",
        start_time: 0,
        end_time: 0,
    };
    let writers: Vec<Writer<'_>> = vec![
        (
            "inspector",
            Box::new(|s| inspector::write(&WIDE, inspector::Options::default(), s)),
        ),
        ("nodes", Box::new(|s| nodes::write(&WIDE, &header, s))),
        ("tree", Box::new(|s| tree::write(&WIDE, &header, s))),
        ("samples", Box::new(|s| timeline::write_samples(&WIDE, s))),
        ("timeDeltas", Box::new(|s| timeline::write_time_deltas(&WIDE, s))),
        ("timestamps", Box::new(|s| timeline::write_timestamps(&WIDE, s))),
        ("heap tree", Box::new(|s| heapprofile::tree::write(&heap, s))),
        ("heap inspector", Box::new(|s| heapprofile::inspector::write(&heap, s))),
    ];
    for (name, write) in &writers {
        let mut all = Limited {
            chunks: Vec::new(),
            limit: usize::MAX,
        };
        write(&mut all).unwrap();
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
            assert_eq!(
                offset,
                Bytes::from_bytes(all.chunks[..limit].iter().sum::<usize>() as u64),
                "{name}"
            );
        }
    }
}

#[test]
fn a_failing_sink_keeps_its_own_message() {
    let error = timeline::write_samples(
        &WIDE,
        Limited {
            chunks: Vec::new(),
            limit: 0,
        },
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "The sink refused the text after 0 bytes: closed");
}
