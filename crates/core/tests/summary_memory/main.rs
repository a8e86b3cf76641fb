//! What a quick summary takes, counted at the allocator: so this is a program of its own, with one test.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something it did not expect has failed"
)]

use std::alloc::System;
use std::cell::Cell;
use std::io::Read;

use cap::Cap;
use rs_profiler_core::format::heapsnapshot::{summarize, HeapSummaryFile, Progress, ReadOptions};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// A snapshot that nobody has as a whole: `nodes` objects, each with a name of its own and an edge to itself.
struct Endless {
    nodes: u64,
    next: u64,
    line: Vec<u8>,
}

impl Endless {
    fn new(nodes: u64) -> Endless {
        Endless {
            nodes,
            next: 0,
            line: Vec::new(),
        }
    }

    /// The `at`-th line: header, nodes, edges, texts.
    fn line(&self, at: u64) -> Option<String> {
        let nodes = self.nodes;
        let comma = |number: u64| if number + 1 < nodes { "," } else { "" };
        let (part, number) = (at.checked_sub(1).map(|at| at / nodes), at.wrapping_sub(1) % nodes);
        Some(match part {
            None => format!(
                "{{\"snapshot\":{{\"meta\":{{\"node_fields\":[\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"],\
                 \"node_types\":[[\"object\"],\"string\",\"number\",\"number\",\"number\"],\
                 \"edge_fields\":[\"type\",\"name_or_index\",\"to_node\"],\
                 \"edge_types\":[[\"property\"],\"string_or_number\",\"node\"]}},\
                 \"node_count\":{nodes},\"edge_count\":{nodes}}},\"nodes\":["
            ),
            Some(0) => format!(
                "0,{number},{},{},1{}\n",
                2 * number + 1,
                16 + number % 100,
                comma(number)
            ),
            Some(1) if number == 0 => format!("],\"edges\":[0,0,0{}\n", comma(number)),
            Some(1) => format!("0,{number},{}{}\n", 5 * number, comma(number)),
            Some(2) if number == 0 => format!("],\"strings\":[\"name {number}\"{}\n", comma(number)),
            Some(2) => format!("\"name {number}\"{}\n", comma(number)),
            Some(3) if number == 0 => "]}".to_owned(),
            _ => return None,
        })
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.line.len() < buffer.len() {
            match self.line(self.next) {
                Some(line) => self.line.extend_from_slice(line.as_bytes()),
                None => break,
            }
            self.next += 1;
        }
        let length = self.line.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.line[..length]);
        self.line.drain(..length);
        Ok(length)
    }
}

/// The summary, and the most bytes that were held on the way.
fn measured(nodes: u64) -> (HeapSummaryFile, usize) {
    let before = ALLOCATOR.allocated();
    let most = Cell::new(0);
    let progress = |_: Progress| most.set(most.get().max(ALLOCATOR.allocated().saturating_sub(before)));
    let options = ReadOptions {
        progress: Some(&progress),
        ..ReadOptions::default()
    };
    let file = summarize(Endless::new(nodes), options).unwrap();
    (file, most.get())
}

#[test]
fn a_summary_takes_no_more_of_a_long_file_than_of_a_short_one() {
    let (short, of_short) = measured(200_000);
    let (long, of_long) = measured(1_200_000);
    assert_eq!((short.summary.nodes, long.summary.nodes), (200_000, 1_200_000));
    assert_eq!((long.summary.texts, long.truncation), (1_200_000, None));
    assert!(long.summary.approximate);
    assert_eq!(long.text_length, long.text_length.max(short.text_length * 6));
    assert!(of_long < 24 << 20, "{of_long} bytes");
    assert!(of_long < of_short + (2 << 20), "{of_short} bytes, {of_long} bytes");
}
