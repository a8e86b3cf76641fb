//! How many nodes and edges a heap snapshot would have, from a sample of the heap's memory.
//!
//! Why it exists: what a snapshot costs depends on how many objects and references there are, and V8 says only how many
//! bytes. A heap of strings costs a hundredth of a heap of small objects of the same size.
//!
//! How: V8 marks its heap `MADV_DONTFORK`, which `/proc/self/smaps` shows. Some of its words are read and judged. A word is a
//! reference when it leads to an object: its first word is the map, whose map is a meta map, whose map is itself. A
//! reference to a map is the begin of an object. Large arrays are found at the begin of V8's pages, which are aligned.
//!
//! It reads through `/proc/self/mem`, so a page that V8 gives back meanwhile is an error of that read and nothing worse.
//! It may run on any thread, while JavaScript goes on: the result is an estimate in any case. It is not for builds with
//! compressed pointers, where it finds nothing and says so.

mod memory;
mod regions;

use std::io;
use std::path::Path;

use memory::{word_of, Kind, Memory};
use regions::{heap_regions, is_within, Region, PAGE};

/// Places of the heap that are read, and words read at each.
const BLOCKS: u64 = 2048;
const BLOCK_WORDS: u32 = 32;

const WORD: u64 = 8;

/// Bytes at the begin of a page in which its first object begins; the mark bits before it have 4 KiB.
const PAGE_HEADER: u64 = 8192;

/// Slots of an array from which it has a page of its own, a few less.
const LARGE_ARRAY: u64 = 16_000;

/// Slots that are looked at in a large array.
const ARRAY_PROBES: u64 = 16;

/// What was found. Numbers are estimates for the whole heap.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HeapSample {
    /// Objects.
    pub nodes: f64,
    /// References; those of large arrays count twice, because V8 shows them for the array and for its elements.
    pub edges: f64,
    /// References in the large array that has most.
    pub longest: f64,
}

/// Samples the heap of the process that `folder` describes: `/proc/self`. `used` is V8's `used_heap_size` in bytes.
/// `None` when there is nothing that looks like a heap.
pub fn sample_heap(folder: &Path, used: u64) -> io::Result<Option<HeapSample>> {
    let regions = heap_regions(&folder.join("smaps"))?;
    let mut memory = Memory::open(&folder.join("mem"))?;
    let total: u64 = regions.iter().map(Region::length).sum();
    if total == 0 {
        return Ok(None);
    }
    let (mut words, mut touched, mut references, mut objects) = (0, 0, 0, 0);
    let mut block = [0; (BLOCK_WORDS as u64 * WORD) as usize];
    for place in places(&regions, total) {
        if !memory.read(place, &mut block) {
            continue;
        }
        words += BLOCK_WORDS;
        if block.iter().any(|byte| *byte != 0) {
            touched += BLOCK_WORDS;
        }
        for word in block.chunks_exact(WORD as usize).map(word_of) {
            match memory.kind(word) {
                Kind::Map => {
                    objects += 1;
                    references += 1;
                }
                Kind::Object => references += 1,
                Kind::Other => {}
            }
        }
    }
    if objects == 0 {
        return Ok(None);
    }
    // Some of what V8 has mapped was never used and is zero; some is free again, with stale words that look like others.
    let touched = total as f64 * f64::from(touched) / f64::from(words);
    let scale = total as f64 / WORD as f64 / f64::from(words) * (used as f64 / touched).min(1.0);
    let arrays = large_arrays(&regions, &mut memory);
    Ok(Some(HeapSample {
        nodes: f64::from(objects) * scale,
        edges: f64::from(references) * scale + arrays.iter().sum::<f64>(),
        longest: arrays.iter().copied().fold(0.0, f64::max),
    }))
}

/// Places spread evenly over the regions, none twice as likely as another.
fn places(regions: &[Region], total: u64) -> Vec<u64> {
    let (mut before, mut at) = (0, 0);
    let size = u64::from(BLOCK_WORDS) * WORD;
    let blocks = BLOCKS.min(total / size).max(1);
    let mut places = Vec::with_capacity(blocks as usize);
    for number in 0..blocks {
        let position = (u128::from(total) * u128::from(number) / u128::from(blocks)) as u64 / size * size;
        while let Some(region) = regions.get(at).filter(|region| position >= before + region.length()) {
            before += region.length();
            at += 1;
        }
        places.extend(regions.get(at).map(|region| region.begin + (position - before)));
    }
    places
}

/// References in each array that has a page of its own.
fn large_arrays(regions: &[Region], memory: &mut Memory) -> Vec<f64> {
    let mut arrays = Vec::new();
    let mut header = [0; PAGE_HEADER as usize];
    for region in regions {
        let mut page = region.begin.next_multiple_of(PAGE);
        while page + PAGE <= region.end {
            let array = memory
                .read(page, &mut header)
                .then(|| first_array(page, &header, memory))
                .flatten();
            page += PAGE;
            if let Some((slots, length)) = array.filter(|(slots, length)| slots + length * WORD <= region.end) {
                let filled = (0..ARRAY_PROBES).filter(|probe| {
                    let slot = slots + (length - 1) * probe / ARRAY_PROBES * WORD;
                    memory.word(slot).is_some_and(|word| {
                        // Holes and `undefined` lie in V8's read-only space. A snapshot does not show them.
                        is_within(regions, word) && memory.kind(word) != Kind::Other
                    })
                });
                arrays.push(length as f64 * filled.count() as f64 / ARRAY_PROBES as f64);
                page = page.max((slots + length * WORD).next_multiple_of(PAGE));
            }
        }
    }
    arrays
}

/// Where the slots of the first object of a page begin and how many there are, if it is a large array: a map, then the
/// length as a small integer, which has 32 zero bits below. (In a string the hash is there.)
fn first_array(page: u64, header: &[u8], memory: &mut Memory) -> Option<(u64, u64)> {
    let words: Vec<u64> = header.chunks_exact(WORD as usize).map(word_of).collect();
    let at = words.iter().position(|word| memory.kind(*word) == Kind::Map)?;
    let length = words.get(at + 1).filter(|word| **word as u32 == 0)? >> 32;
    (length >= LARGE_ARRAY).then(|| (page + (at as u64 + 2) * WORD, length))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
