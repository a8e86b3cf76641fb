//! Equal strings, as an index has them.

use super::stop::AnalysisOptions;
use crate::model::heap::{Column, HeapGraph, HeapStrings, Load, NodeIndex, NodeKind, Store, StringIndex};
use crate::Result;

/// A text and the strings that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicatedString {
    /// The text; V8 writes no more than the first 1024 UTF-16 units into a snapshot, so longer strings that begin alike
    /// are taken for equal.
    pub text: String,
    /// Bytes of the strings themselves.
    pub shallow_size: u64,
    /// Sum of what they retain. Parts of concatenated strings may be counted more than once.
    pub retained_size: u64,
    /// The strings, in the order of the file; two at least.
    pub nodes: Vec<NodeIndex>,
}

/// A text as it is shown.
pub(super) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The rows of the answer.
#[derive(Debug, Default)]
pub(super) struct Duplicates {
    /// Where the strings of each row begin in `nodes`, their bytes, what they retain, and which of `texts` they hold if none
    /// of them has it as its name.
    rows: Column<[u64; 4]>,
    nodes: Column<u32>,
    texts: HeapStrings,
}

const TEXTS: [&str; 3] = ["duptext", "dupends", "dupwrap"];

impl Duplicates {
    pub(super) fn new(graph: &HeapGraph, found: &[DuplicatedString]) -> Duplicates {
        let mut duplicates = Duplicates::default();
        for row in found {
            let mut text = u64::from(u32::MAX);
            if flat(graph, &row.nodes).is_none() {
                text = u64::from(duplicates.texts.push(row.text.as_bytes()).0);
            }
            let start = duplicates.nodes.len() as u64;
            let rows = duplicates.rows.to_mut();
            rows.push([start, row.shallow_size, row.retained_size, text]);
            let nodes = duplicates.nodes.to_mut();
            nodes.extend(row.nodes.iter().map(|node| node.0));
        }
        duplicates
    }

    /// Linear in the answer.
    pub(super) fn rows(&self, graph: &HeapGraph, options: &AnalysisOptions<'_>) -> Result<Vec<DuplicatedString>> {
        let ends = self.rows.iter().skip(1).map(|row| row[0] as usize);
        let ends = ends.chain([self.nodes.len()]);
        // Rows of a damaged file may overlap: together they are no longer than `nodes` even then.
        let mut before = 0;
        let rows = options.wanted(self.rows.iter().zip(ends)).map(|(row, end)| {
            let &[start, shallow_size, retained_size, text] = row;
            let start = (start as usize).max(before);
            let nodes = self.nodes.get(start..end).unwrap_or_default();
            before = before.max(end);
            let nodes: Vec<NodeIndex> = nodes.iter().map(|&node| NodeIndex(node)).collect();
            let text = match flat(graph, &nodes) {
                Some(node) => shown(graph.name_bytes(node)),
                None => shown(self.texts.bytes(StringIndex(text as u32))),
            };
            DuplicatedString {
                text,
                shallow_size,
                retained_size,
                nodes,
            }
        });
        let rows = rows.collect();
        options.check()?;
        Ok(rows)
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        store.column("duprows", &self.rows);
        store.column("dup", &self.nodes);
        self.texts.store(store, TEXTS);
    }

    pub(super) fn load(load: &Load) -> Option<Duplicates> {
        Some(Duplicates {
            rows: load.column("duprows")?,
            nodes: load.column("dup")?,
            texts: HeapStrings::load(load, TEXTS)?,
        })
    }
}

/// The first that has its text as its name.
fn flat(graph: &HeapGraph, nodes: &[NodeIndex]) -> Option<NodeIndex> {
    let mut nodes = nodes.iter().copied();
    nodes.find(|&node| graph.kind(node) == NodeKind::STRING)
}
