//! What is noted of the numbers of nodes, edges and traced functions, and which of them are replaced.

use super::hash;
use super::header::{Columns, EdgeKind, NodeKind};
use super::marks::Marks;
use super::numbers::Records;
use super::options::KeySalt;
use super::Step;

/// Numbers of elements below this are positions, or say too little to be a secret.
const SMALL_INDEX: u64 = 1000;

/// A name's index in the table of strings, bounded so that the marks are.
fn string_index(index: u64, most: u64) -> Step<u64> {
    match index < most {
        true => Ok(index),
        false => Err("the index of a string is larger than any string can have"),
    }
}

/// Nodes: types that bear names mark them.
pub(super) struct Nodes<'a> {
    pub(super) columns: &'a Columns<NodeKind>,
    pub(super) marks: &'a mut Marks,
    pub(super) most_strings: u64,
    pub(super) kind: &'a mut u64,
}

impl Records for Nodes<'_> {
    fn stride(&self) -> usize {
        self.columns.stride
    }

    fn number(&mut self, column: usize, value: u64) -> Step<Option<u64>> {
        if column == self.columns.kind {
            *self.kind = value;
        } else if column == self.columns.name {
            let index = string_index(value, self.most_strings)?;
            match self.columns.kind_of(*self.kind) {
                NodeKind::Named => self.marks.name(index),
                NodeKind::Contents => self.marks.content(index),
            }
        }
        Ok(None)
    }
}

/// What is remembered from one edge to the next.
#[derive(Debug, Default)]
pub(super) struct EdgeState {
    kind: EdgeKind,
    /// The number that would continue the count of elements.
    next_index: Option<u64>,
    /// Numbers replaced.
    pub(super) replaced: u64,
}

/// Edges: names and properties mark their strings; integer keys are replaced.
pub(super) struct Edges<'a> {
    pub(super) columns: &'a Columns<EdgeKind>,
    pub(super) marks: &'a mut Marks,
    pub(super) most_strings: u64,
    pub(super) state: &'a mut EdgeState,
    pub(super) salt: Option<&'a KeySalt>,
}

impl Records for Edges<'_> {
    fn stride(&self) -> usize {
        self.columns.stride
    }

    fn number(&mut self, column: usize, value: u64) -> Step<Option<u64>> {
        if column == self.columns.kind {
            self.state.kind = self.columns.kind_of(value);
        } else if column == self.columns.name {
            match (self.state.kind, self.salt) {
                (EdgeKind::Named, _) => self.marks.name(string_index(value, self.most_strings)?),
                (EdgeKind::Property, _) => self.marks.property(string_index(value, self.most_strings)?),
                (EdgeKind::Element, Some(salt)) => return Ok(self.state.element(value, salt)),
                (EdgeKind::Element, None) | (EdgeKind::Other, _) => {}
            }
        }
        Ok(None)
    }
}

impl EdgeState {
    fn element(&mut self, index: u64, salt: &KeySalt) -> Option<u64> {
        if index < SMALL_INDEX || self.next_index == Some(index) {
            self.next_index = Some(index + 1);
            return None;
        }
        self.next_index = None;
        self.replaced += 1;
        Some(hash::index(salt, index))
    }
}

/// Functions of allocation tracking: names of functions and files.
pub(super) struct Traces<'a> {
    pub(super) stride: usize,
    pub(super) strings: &'a [usize],
    pub(super) marks: &'a mut Marks,
    pub(super) most_strings: u64,
}

impl Records for Traces<'_> {
    fn stride(&self) -> usize {
        self.stride
    }

    fn number(&mut self, column: usize, value: u64) -> Step<Option<u64>> {
        if self.strings.contains(&column) {
            self.marks.name(string_index(value, self.most_strings)?);
        }
        Ok(None)
    }
}
