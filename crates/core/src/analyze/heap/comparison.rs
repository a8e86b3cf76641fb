//! What changed between two snapshots: DevTools' Comparison, and what that does not show.
//!
//! By id, an object is new, deleted, or in both. That needs snapshots of one process: ids of another process name other
//! objects. Then classes are matched by name and place (with the script's file, whose number is the process's own), and
//! all that can be said is how many more there are.

use std::cell::RefCell;
use std::collections::HashMap;

use super::class_names::Classes;
use super::classes::class_key;
use super::classes::is_counted;
use super::interfaces::{Interface, Interfaces};
use super::same_process::is_same_process;
use super::stop::AnalysisOptions;
use super::HeapAnalysis;
use crate::model::heap::{HeapGraph, NodeIndex, SourceLocation, StringIndex};
use crate::Result;

/// How the objects of two snapshots were matched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MatchedBy {
    /// By id: both are of one process.
    #[default]
    Id,
    /// By class name, place and shape: the ids do not match, because they are of different processes, or forked without ids that
    /// stay. New and deleted objects of a class cancel out.
    Shape,
}

/// A row of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonRow {
    /// The name of the class.
    pub name: String,
    /// Where its constructor stands. Matched by shape, the script's number is that of the later snapshot.
    pub location: Option<SourceLocation>,
    /// Objects only in the later snapshot.
    pub added: u64,
    /// Objects only in the base.
    pub removed: u64,
    /// Bytes of those added.
    pub added_size: u64,
    /// Bytes of those removed.
    pub removed_size: u64,
}

impl ComparisonRow {
    /// `added - removed`.
    pub fn count_delta(&self) -> i64 {
        self.added as i64 - self.removed as i64
    }

    /// `added_size - removed_size`, in bytes.
    pub fn size_delta(&self) -> i64 {
        self.added_size as i64 - self.removed_size as i64
    }

    /// What DevTools groups by: `script,line,column,name` for instances of classes, `,name` for the rest.
    pub fn key(&self) -> String {
        class_key(&self.name, self.location)
    }
}

/// What changed between two snapshots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeapComparison {
    /// How objects were matched.
    pub matched_by: MatchedBy,
    /// Classes with new or deleted objects, by bytes added, then by name.
    pub rows: Vec<ComparisonRow>,
}

impl HeapAnalysis {
    /// What [`Asking::compare`](super::Asking::compare) answers.
    pub(super) fn find_changes(&self, base: &HeapAnalysis, options: AnalysisOptions<'_>) -> Result<HeapComparison> {
        let by_id = is_same_process(&base.graph, &self.graph, &options);
        options.check()?;
        let rows = options.timed("rows", || match by_id {
            true => self.rows_by_id(base, &options),
            false => self.rows_by_shape(base, &options),
        })?;
        options.check()?;
        Ok(HeapComparison {
            matched_by: if by_id { MatchedBy::Id } else { MatchedBy::Shape },
            rows,
        })
    }

    /// The classes of `base`, with the interfaces of this snapshot instead of its own: else an interface that only one of
    /// them inferred would show as deleted and new.
    fn classes_of(&self, base: &HeapAnalysis, options: &AnalysisOptions<'_>) -> Result<Classes> {
        let interfaces = translated(&self.interfaces, &self.graph, &base.graph);
        Classes::find(&base.graph, &base.known, &interfaces, options)
    }

    fn rows_by_id(&self, base: &HeapAnalysis, options: &AnalysisOptions<'_>) -> Result<Vec<ComparisonRow>> {
        let base_classes = self.classes_of(base, options)?;
        let mut rows = Rows::default();
        let base_numbers = rows.numbers(&base.graph, &base_classes, |place| place);
        let numbers = rows.numbers(&self.graph, &self.classes, |place| place);
        let before = by_class_and_id(&base.graph, &base_classes, &base_numbers, options)?;
        let after = by_class_and_id(&self.graph, &self.classes, &numbers, options)?;
        let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => break,
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(old), Some(new)) => old.key.cmp(&new.key),
            };
            if order.is_le()
                && let Some(object) = old.next().filter(|_| order.is_lt())
                && let Some(row) = rows.rows.get_mut(object.class())
            {
                row.removed += 1;
                row.removed_size += base.graph.self_size(NodeIndex(object.node));
            }
            if order.is_ge()
                && let Some(object) = new.next().filter(|_| order.is_gt())
                && let Some(row) = rows.rows.get_mut(object.class())
            {
                row.added += 1;
                row.added_size += self.graph.self_size(NodeIndex(object.node));
            }
        }
        Ok(rows.finish())
    }

    fn rows_by_shape(&self, base: &HeapAnalysis, options: &AnalysisOptions<'_>) -> Result<Vec<ComparisonRow>> {
        let base_classes = self.classes_of(base, options)?;
        let mut rows = Rows::default();
        // Files by number, the same in both.
        let files: RefCell<HashMap<String, u32>> = RefCell::default();
        let by_file = |analysis: &HeapAnalysis, location: SourceLocation| {
            let script_id = analysis.place(location).map_or(0, |place| {
                let mut files = files.borrow_mut();
                let next = files.len() as u32 + 1;
                *files.entry(place.url).or_insert(next)
            });
            SourceLocation { script_id, ..location }
        };
        let base_numbers = rows.numbers(&base.graph, &base_classes, |location| by_file(base, location));
        let numbers = rows.numbers(&self.graph, &self.classes, |location| by_file(self, location));
        let sums = |graph: &HeapGraph, classes: &Classes, numbers: &[u32], count: usize| {
            let mut sums = vec![(0u64, 0u64); count];
            for node in options.wanted(graph.nodes()).filter(|&node| is_counted(graph, node)) {
                if let Some(sum) = sums.get_mut(row_of(classes, numbers, node)) {
                    *sum = (sum.0 + 1, sum.1 + graph.self_size(node));
                }
            }
            sums
        };
        let count = rows.rows.len();
        let before = sums(&base.graph, &base_classes, &base_numbers, count);
        let after = sums(&self.graph, &self.classes, &numbers, count);
        for ((row, before), after) in rows.rows.iter_mut().zip(before).zip(after) {
            row.added = after.0.saturating_sub(before.0);
            row.removed = before.0.saturating_sub(after.0);
            row.added_size = after.1.saturating_sub(before.1);
            row.removed_size = before.1.saturating_sub(after.1);
        }
        for location in rows.rows.iter_mut().filter_map(|row| row.location.as_mut()) {
            location.script_id = 0;
        }
        for (class, key) in self.classes.keys.iter().enumerate() {
            rows.rows[numbers[class] as usize].location = key.location;
        }
        Ok(rows.finish())
    }
}

/// Rows of both snapshots under common numbers.
#[derive(Default)]
struct Rows {
    rows: Vec<ComparisonRow>,
    numbers: HashMap<(String, Option<SourceLocation>), u32>,
}

impl Rows {
    /// The row of each of `classes`.
    fn numbers(
        &mut self,
        graph: &HeapGraph,
        classes: &Classes,
        place: impl Fn(SourceLocation) -> SourceLocation,
    ) -> Vec<u32> {
        let keys = (0..).zip(&classes.keys);
        keys.map(|(class, key)| {
            let name = classes.name(graph, class).into_owned();
            let location = key.location.map(&place);
            let next = self.rows.len() as u32;
            let number = *self.numbers.entry((name.clone(), location)).or_insert(next);
            if number == next {
                self.rows.push(ComparisonRow {
                    name,
                    location,
                    added: 0,
                    removed: 0,
                    added_size: 0,
                    removed_size: 0,
                });
            }
            number
        })
        .collect()
    }

    fn finish(self) -> Vec<ComparisonRow> {
        let mut rows = self.rows;
        rows.retain(|row| {
            let counts = row.added + row.removed;
            counts > 0 || row.added_size + row.removed_size > 0
        });
        rows.sort_by(|a, b| b.added_size.cmp(&a.added_size).then_with(|| a.name.cmp(&b.name)));
        rows
    }
}

/// An object by row and id.
struct Keyed {
    key: u64,
    node: u32,
}

impl Keyed {
    fn class(&self) -> usize {
        (self.key >> 32) as usize
    }
}

/// The row of an object; one that there is none of, if the class is none, as in a damaged index.
fn row_of(classes: &Classes, numbers: &[u32], node: NodeIndex) -> usize {
    let class = classes.of_node.get(node.at());
    let number = class.and_then(|&class| numbers.get(class as usize));
    number.map_or(u32::MAX as usize, |&number| number as usize)
}

fn by_class_and_id(
    graph: &HeapGraph,
    classes: &Classes,
    numbers: &[u32],
    options: &AnalysisOptions<'_>,
) -> Result<Vec<Keyed>> {
    let counted = options.wanted(graph.nodes()).filter(|&node| is_counted(graph, node));
    let mut objects: Vec<Keyed> = counted
        .map(|node| {
            let row = row_of(classes, numbers, node) as u64;
            Keyed {
                key: row << 32 | u64::from(graph.id(node).0),
                node: node.0,
            }
        })
        .collect();
    options.check()?;
    objects.sort_unstable_by_key(|object| object.key);
    Ok(objects)
}

/// `interfaces` with the numbers that its texts have in `to`. An interface with a property that `to` does not know at all
/// fits no object there.
fn translated(interfaces: &Interfaces, from: &HeapGraph, to: &HeapGraph) -> Interfaces {
    let mut wanted: HashMap<&[u8], Option<StringIndex>> = HashMap::new();
    for name in interfaces
        .definitions
        .iter()
        .flat_map(|definition| &definition.properties)
    {
        wanted.insert(from.strings().bytes(*name), None);
    }
    for index in 0..to.strings().len() as u32 {
        if let Some(found) = wanted.get_mut(to.strings().bytes(StringIndex(index))) {
            found.get_or_insert(StringIndex(index));
        }
    }
    let unknown = StringIndex(u32::MAX);
    let translate = |name: &StringIndex| {
        let found = wanted.get(from.strings().bytes(*name)).copied().flatten();
        found.unwrap_or(unknown)
    };
    let definitions = interfaces.definitions.iter().map(|definition| Interface {
        properties: definition.properties.iter().map(translate).collect(),
        ..definition.clone()
    });
    Interfaces {
        definitions: definitions.collect(),
    }
}
