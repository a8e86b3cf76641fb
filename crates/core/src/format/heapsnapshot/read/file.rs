//! What reading gives.

use super::SnapshotSection;
use crate::model::heap::{HeapGraph, HeapSummary};

/// A file that was read.
#[derive(Debug)]
pub struct HeapSnapshotFile {
    /// Its graph.
    pub graph: HeapGraph,
    /// Where it was cut off, if it was and that was accepted.
    pub truncation: Option<Truncation>,
    /// Length of the JSON text in bytes, uncompressed.
    pub text_length: u64,
}

/// A file that was summed up.
#[derive(Debug)]
pub struct HeapSummaryFile {
    /// The sums.
    pub summary: HeapSummary,
    /// Where it was cut off, if it was.
    pub truncation: Option<Truncation>,
    /// Length of the JSON text in bytes, uncompressed.
    pub text_length: u64,
}

/// How far a file went that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncation {
    /// The section that it ends in.
    pub section: SnapshotSection,
    /// The byte that it ends at.
    pub offset: u64,
    /// Nodes that were read.
    pub nodes: u64,
    /// Nodes that the header promises.
    pub promised_nodes: u64,
    /// Edges that were read.
    pub edges: u64,
    /// Edges that the header promises.
    pub promised_edges: u64,
    /// Texts that were read. Names beyond read as `(lost)`.
    pub strings: u64,
}
