//! Hits and line hits of all nodes, in one u32 per node for almost all of them.
//!
//! Nearly every node has no hit, or hits on a single line that add up to its hit count, and few of them. Those fit into
//! one word; the others have a number there, of a place in `spill`:
//!
//! ```text
//!   word   00 hits:30             no line hits
//!          01 hits:8 line:22      one line, which has all the hits
//!          1  place:31            spill[place..] = hits, count, (line, ticks) * count
//! ```

use super::count::as_u32;
use super::{Line, LineTick, NodeIndex};
use crate::{Error, Result};

const SPILLED: u32 = 1 << 31;
const ONE_LINE: u32 = 1 << 30;
const LINE_BITS: u32 = 22;
const LINE_MASK: u32 = (1 << LINE_BITS) - 1;
const HITS_LIMIT: u32 = 1 << 8;

/// Hits and line hits by node number.
#[derive(Debug, Clone)]
pub(super) struct HitColumn {
    words: Box<[u32]>,
    spill: Box<[u32]>,
}

impl HitColumn {
    /// The node's hit count, 0 when there is no such node.
    pub(super) fn hits(&self, node: NodeIndex) -> u32 {
        let word = self.word(node);
        match word {
            _ if word & SPILLED != 0 => self.spill.get((word & !SPILLED) as usize).copied().unwrap_or(0),
            _ if word & ONE_LINE != 0 => (word & !ONE_LINE) >> LINE_BITS,
            _ => word,
        }
    }

    /// Appends the node's line hits.
    pub(super) fn append_ticks(&self, node: NodeIndex, ticks: &mut Vec<LineTick>) {
        let word = self.word(node);
        if word & SPILLED != 0 {
            if let Some([_, count, rest @ ..]) = self.spill.get((word & !SPILLED) as usize..) {
                let pairs = rest.chunks_exact(2).take(*count as usize);
                ticks.extend(pairs.map(|pair| LineTick {
                    line: line_of(pair[0]),
                    ticks: pair[1],
                }));
            }
        } else if word & ONE_LINE != 0 {
            ticks.push(LineTick {
                line: line_of(word & LINE_MASK),
                ticks: (word & !ONE_LINE) >> LINE_BITS,
            });
        }
    }

    fn word(&self, node: NodeIndex) -> u32 {
        self.words.get(node.get() as usize).copied().unwrap_or(0)
    }
}

/// The bits of a line. A negative one becomes a large number, so it is spilled.
fn bits_of(line: Line) -> u32 {
    line.one_based().cast_unsigned()
}

fn line_of(bits: u32) -> Line {
    Line::from_one_based(bits.cast_signed())
}

/// A column being filled, node by node.
#[derive(Debug)]
pub(super) struct HitColumnBuilder {
    words: Vec<u32>,
    spill: Vec<u32>,
}

impl HitColumnBuilder {
    /// Room for exactly `nodes` nodes.
    pub(super) fn with_capacity(nodes: usize) -> Self {
        HitColumnBuilder {
            words: Vec::with_capacity(nodes),
            spill: Vec::new(),
        }
    }

    /// Appends the next node.
    pub(super) fn push(&mut self, hits: u32, ticks: &[LineTick]) -> Result<()> {
        let word = match ticks {
            [] if hits < ONE_LINE => hits,
            [one] if one.ticks == hits && hits < HITS_LIMIT && bits_of(one.line) <= LINE_MASK => {
                ONE_LINE | hits << LINE_BITS | bits_of(one.line)
            }
            _ => self.spill(hits, ticks)?,
        };
        self.words.push(word);
        Ok(())
    }

    fn spill(&mut self, hits: u32, ticks: &[LineTick]) -> Result<u32> {
        let place = as_u32(self.spill.len(), "line hits")?;
        if place & SPILLED != 0 {
            return Err(Error::TooLarge {
                what: "line hits",
                limit: u64::from(!SPILLED),
            });
        }
        self.spill.extend([hits, as_u32(ticks.len(), "line hits")?]);
        self.spill
            .extend(ticks.iter().flat_map(|tick| [bits_of(tick.line), tick.ticks]));
        Ok(SPILLED | place)
    }

    pub(super) fn finish(self) -> HitColumn {
        HitColumn {
            words: self.words.into_boxed_slice(),
            spill: self.spill.into_boxed_slice(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_was_pushed_on_both_sides_of_each_limit() {
        let tick = |line: u32, ticks| LineTick {
            line: line_of(line),
            ticks,
        };
        let nodes: Vec<(u32, Vec<LineTick>)> = vec![
            (0, vec![]),
            (ONE_LINE - 1, vec![]),
            (ONE_LINE, vec![]),
            (u32::MAX, vec![]),
            (255, vec![tick(LINE_MASK, 255)]),
            (256, vec![tick(1, 256)]),
            (255, vec![tick(LINE_MASK + 1, 255)]),
            (3, vec![tick(7, 2)]),
            (3, vec![tick(7, 2), tick(7, 1)]),
            (0, vec![tick(0, 0)]),
            (u32::MAX, vec![tick(u32::MAX, u32::MAX); 5]),
        ];
        let mut builder = HitColumnBuilder::with_capacity(nodes.len());
        for (hits, ticks) in &nodes {
            builder.push(*hits, ticks).unwrap();
        }
        let column = builder.finish();
        for (number, (hits, ticks)) in nodes.iter().enumerate() {
            let mut got = Vec::new();
            let node = NodeIndex::new(number as u32);
            column.append_ticks(node, &mut got);
            assert_eq!((column.hits(node), &got), (*hits, ticks), "node {number}");
        }
    }
}
