//! The floors under the analysis of a heap snapshot: how long one core takes to read the file, to read it and make numbers
//! of its digits with nothing checked and nothing kept, and to look at the target of every edge once.
//! `npm run bench:analysis` sets the phases of the analysis against them.
//!
//! `cargo run --release -p rs-profiler-core --example heap_floor -- FILE` prints a line of JSON.
#![allow(clippy::print_stdout, reason = "it is there to print")]

use std::fs::File;
use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

const PIECE: usize = 256 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: heap_floor FILE")?;
    let taken = timed(&path, |bytes| {
        black_box(bytes);
    })?;
    let mut sum = Numbers::default();
    let decoded = timed(&path, |bytes| sum.add(bytes))?;
    black_box(&sum);
    let figures = serde_json::json!({
        "decodeMs": decoded,
        "followMs": follow(&path)?,
        "numbers": sum.count,
        "readMs": taken,
    });
    println!("{figures}");
    Ok(())
}

/// Milliseconds for reading the file piece by piece.
fn timed(path: &str, mut take: impl FnMut(&[u8])) -> std::io::Result<f64> {
    let start = Instant::now();
    let (mut file, mut piece) = (File::open(path)?, vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(start.elapsed().as_secs_f64() * 1e3),
            length => take(&piece[..length]),
        }
    }
}

/// Milliseconds for fetching 4 bytes of the target of every edge, in the order of the file. A phase that goes over all edges
/// and asks something of both ends takes this much for its cache misses alone.
fn follow(path: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let graph = read(File::open(path)?, ReadOptions::default())?.graph;
    let column: Vec<u32> = (0..graph.node_count()).collect();
    let start = Instant::now();
    let mut sum = 0_u32;
    for node in graph.nodes() {
        for edge in graph.edges(node) {
            sum = sum.wrapping_add(column.get(edge.to.0 as usize).copied().unwrap_or_default());
        }
    }
    black_box(sum);
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// Adds up whatever looks like numbers.
#[derive(Debug, Default)]
struct Numbers {
    value: u64,
    sum: u64,
    count: u64,
}

impl Numbers {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let digit = byte.wrapping_sub(b'0');
            if digit <= 9 {
                self.value = self.value.wrapping_mul(10).wrapping_add(u64::from(digit));
            } else {
                self.sum = self.sum.wrapping_add(self.value);
                self.value = 0;
                self.count += 1;
            }
        }
    }
}
