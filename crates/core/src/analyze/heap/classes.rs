//! The class table: DevTools' Summary.

use super::class_names::{ClassIndex, Classes};
use crate::model::heap::{HeapGraph, NodeIndex, SourceLocation};

/// A row of the class table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRow {
    /// The class.
    pub class: ClassIndex,
    /// The constructor's name, `{a, b}` for plain objects with those properties, `(string)` and the like for the rest.
    pub name: String,
    /// Where the constructor stands, for instances of classes.
    pub location: Option<SourceLocation>,
    /// How many objects have bytes of their own.
    pub count: u64,
    /// Bytes of the objects themselves.
    pub shallow_size: u64,
    /// Bytes that would be freed with all of them. Objects below another of the same class are not counted twice.
    pub retained_size: u64,
    /// The least distance from the roots; see [`HeapAnalysis::distance`](super::HeapAnalysis::distance).
    pub distance: i32,
}

impl ClassRow {
    /// What DevTools groups by: `script,line,column,name` for instances of classes, `,name` for the rest.
    pub fn key(&self) -> String {
        class_key(&self.name, self.location)
    }
}

/// What DevTools groups by.
pub(super) fn class_key(name: &str, location: Option<SourceLocation>) -> String {
    match location {
        Some(place) => format!("{},{},{},{name}", place.script_id, place.line, place.column),
        None => format!(",{name}"),
    }
}

/// Sums up rows: count, shallow size, least distance and retained size by class.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    pub(super) count: u64,
    pub(super) shallow: u64,
    pub(super) retained: u64,
    pub(super) distance: i32,
    /// Where the subtree of the outermost open object of the class ends, in preorder of the dominator tree.
    end: u32,
}

impl Totals {
    pub(super) const EMPTY: Totals = Totals {
        count: 0,
        shallow: 0,
        retained: 0,
        distance: super::distances::NONE,
        end: 0,
    };

    /// Adds an object at `place` in preorder whose subtree has `subtree` nodes. Must be called in preorder.
    #[inline]
    pub(super) fn add(&mut self, place: u32, subtree: u32, shallow: u64, retained: u64, distance: i32) {
        if self.count == 0 || distance < self.distance {
            self.distance = distance;
        }
        self.count += 1;
        self.shallow = self.shallow.saturating_add(shallow);
        if place >= self.end {
            self.end = place.saturating_add(subtree);
            self.retained = self.retained.saturating_add(retained);
        }
    }
}

/// The row of a class.
fn row(graph: &HeapGraph, classes: &Classes, class: u32, totals: &Totals) -> ClassRow {
    ClassRow {
        class: ClassIndex(class),
        name: classes.name(graph, class).into_owned(),
        location: classes.keys.get(class as usize).and_then(|key| key.location),
        count: totals.count,
        shallow_size: totals.shallow,
        retained_size: totals.retained,
        distance: totals.distance,
    }
}

/// Rows of the classes that have an object, by retained size, then by name.
pub(super) fn rows(graph: &HeapGraph, classes: &Classes, totals: &[Totals]) -> Vec<ClassRow> {
    let mut rows: Vec<ClassRow> = (0..)
        .zip(totals)
        .filter(|(_, totals)| totals.count > 0)
        .map(|(class, totals)| row(graph, classes, class, totals))
        .collect();
    rows.sort_by(|a, b| {
        let by_size = b.retained_size.cmp(&a.retained_size);
        by_size.then_with(|| a.name.cmp(&b.name)).then(a.class.cmp(&b.class))
    });
    rows
}

/// Rows as numbers.
pub(super) fn numbers_of(rows: &[ClassRow]) -> Vec<[u64; 5]> {
    let numbers = rows.iter().map(|row| {
        let distance = row.distance.cast_unsigned();
        [
            row.class.0.into(),
            row.count,
            row.shallow_size,
            row.retained_size,
            distance.into(),
        ]
    });
    numbers.collect()
}

/// The rows of such numbers.
pub(super) fn rows_of(graph: &HeapGraph, classes: &Classes, numbers: &[[u64; 5]]) -> Vec<ClassRow> {
    let rows = numbers.iter().map(|&[class, count, shallow, retained, distance]| {
        let totals = Totals {
            count,
            shallow,
            retained,
            distance: (distance as u32).cast_signed(),
            end: 0,
        };
        row(graph, classes, class as u32, &totals)
    });
    rows.collect()
}

/// Whether an object counts in the table.
pub(super) fn is_counted(graph: &HeapGraph, node: NodeIndex) -> bool {
    graph.self_size(node) > 0
}
