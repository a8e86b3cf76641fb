//! Random profiles: any shape, any ids, times that go back and forth. The same seed gives the same profile.

use rs_profiler_core::model::{CallFrame, CpuProfileSource, LineTick, Sample};

/// A small generator of numbers (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    pub fn below_u32(&mut self, limit: u32) -> u32 {
        u32::try_from(self.below(u64::from(limit))).unwrap()
    }
}

struct Node {
    id: u32,
    hit_count: u32,
    frame: CallFrame<'static>,
    ticks: Vec<LineTick>,
    children: Vec<usize>,
}

/// A random profile.
pub struct RandomTree {
    nodes: Vec<Node>,
    samples: Vec<Sample>,
    start_time_us: i64,
}

impl RandomTree {
    /// Some nodes and samples. `sparse_ids` makes the ids anything, some of them more than once; without, they are
    /// V8's 1, 2, 3...
    pub fn new(seed: u64, sparse_ids: bool) -> Self {
        let mut random = Random::new(seed);
        let count = 1 + random.below(200) as usize;
        let reach = 1 + random.below(count as u64);
        let mut nodes: Vec<Node> = Vec::new();
        for place in 0..count {
            let id = if sparse_ids {
                random.below_u32(u32::MAX) % 300 * 14_000_000
            } else {
                place as u32 + 1
            };
            let (hit_count, ticks) = random_hits(&mut random);
            nodes.push(Node {
                id,
                hit_count,
                frame: random_frame(&mut random),
                ticks,
                children: Vec::new(),
            });
            if place > 0 {
                // A small reach gives chains, a large one bushes.
                let parent = place - 1 - random.below(reach.min(place as u64)) as usize;
                let siblings = &mut nodes[parent].children;
                let position = random.below(siblings.len() as u64 + 1) as usize;
                siblings.insert(position, place);
            }
        }
        let start_time_us = random.below(1 << 50) as i64 - (1 << 49);
        let spread = [1_000, 1 << 20, 1 << 34, 1 << 45][random.below(4) as usize];
        let mut timestamp_us = start_time_us;
        let samples = (0..random.below(1_200))
            .map(|_| {
                timestamp_us += random.below(spread) as i64 - (spread / 4) as i64;
                Sample {
                    node_id: nodes[random.below(nodes.len() as u64) as usize].id,
                    timestamp_us,
                }
            })
            .collect();
        RandomTree {
            nodes,
            samples,
            start_time_us,
        }
    }
}

fn random_hits(random: &mut Random) -> (u32, Vec<LineTick>) {
    let ticks: Vec<LineTick> = (0..random.below(4))
        .map(|_| {
            let (lines, hits) = (
                [50, 1 << 22, u32::MAX][random.below(3) as usize],
                [3, 300][random.below(2) as usize],
            );
            LineTick {
                line: random.below_u32(lines),
                ticks: 1 + random.below_u32(hits),
            }
        })
        .collect();
    let hits = match random.below(4) {
        0 => random.below_u32(u32::MAX),
        _ => ticks.iter().map(|tick| tick.ticks).sum(),
    };
    (hits, ticks)
}

fn random_frame(random: &mut Random) -> CallFrame<'static> {
    const NAMES: [&str; 6] = ["", "main", "a\"b\\c\n", "höhe", "😀", "\u{0}\u{1f}\u{7f}\u{2028}"];
    const URLS: [&str; 5] = ["", "node:fs", "/srv/app.js", "/a b/#?%.js", "wasm://x"];
    const REASONS: [&str; 4] = ["", "", "no reason", "Optimization is always disabled"];
    CallFrame {
        function_name: NAMES[random.below(6) as usize].into(),
        url: URLS[random.below(5) as usize].into(),
        bailout_reason: REASONS[random.below(4) as usize].into(),
        script_id: random.below(5) as i32,
        line: random.below(5) as i32,
        column: random.below(5) as i32,
    }
}

impl CpuProfileSource for RandomTree {
    type Node = usize;

    fn root(&self) -> usize {
        0
    }

    fn child_count(&self, node: usize) -> usize {
        self.nodes[node].children.len()
    }

    fn child(&self, node: usize, index: usize) -> Option<usize> {
        self.nodes[node].children.get(index).copied()
    }

    fn node_id(&self, node: usize) -> u32 {
        self.nodes[node].id
    }

    fn hit_count(&self, node: usize) -> u32 {
        self.nodes[node].hit_count
    }

    fn frame(&self, node: usize) -> CallFrame<'_> {
        self.nodes[node].frame.clone()
    }

    fn line_ticks(&self, node: usize, ticks: &mut Vec<LineTick>) {
        ticks.clear();
        ticks.extend_from_slice(&self.nodes[node].ticks);
    }

    fn sample_count(&self) -> usize {
        self.samples.len()
    }

    fn sample(&self, index: usize) -> Sample {
        self.samples[index]
    }

    fn start_time_us(&self) -> i64 {
        self.start_time_us
    }

    fn end_time_us(&self) -> i64 {
        self.start_time_us + 1
    }
}
