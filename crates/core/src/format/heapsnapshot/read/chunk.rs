//! A piece of the text on its way from the thread that reads to the one that understands.

/// Bytes read at once. Small enough that a chunk and its numbers stay in a core's cache.
#[cfg(not(fuzzing))]
pub(super) const CHUNK: usize = 256 * 1024;
/// So that a short text has ends of chunks everywhere.
#[cfg(fuzzing)]
pub(super) const CHUNK: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// Where `bytes` begins in the text.
    pub(super) offset: u64,
    /// If `decoded`: the numbers that `bytes` consists of, with a comma after each.
    pub(super) numbers: Vec<u32>,
    pub(super) decoded: bool,
}
