//! Where the constructor of an object, or a function, stands in the sources: a few distinct places for many nodes.

use std::collections::HashMap;

use super::{Column, Load, NodeIndex, Store};

/// A place in a script. Lines and columns count from 0; those in front of the script's text are negative numbers of 32 bits.
///
/// ```
/// use rs_profiler_core::model::heap::SourceLocation;
/// let place = SourceLocation { script_id: 81, line: 16, column: 1 };
/// assert_eq!(place.line + 1, 17, "as an editor counts");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct SourceLocation {
    /// V8's number of the script, good within one process.
    pub script_id: u32,
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0.
    pub column: u32,
}

/// 8 bytes per node that has a place, 12 per distinct place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Locations {
    places: Vec<SourceLocation>,
    /// (node, place), by node.
    of_nodes: Column<[u32; 2]>,
}

#[derive(Debug, Default)]
pub(super) struct LocationsBuilder {
    locations: Locations,
    numbers: HashMap<SourceLocation, u32>,
    last: Option<(SourceLocation, u32)>,
}

impl LocationsBuilder {
    pub(super) fn push(&mut self, node: NodeIndex, place: SourceLocation) {
        let number = match self.last {
            Some((last, number)) if last == place => number,
            _ => {
                let next = self.locations.places.len() as u32;
                let number = *self.numbers.entry(place).or_insert(next);
                if number == next {
                    self.locations.places.push(place);
                }
                self.last = Some((place, number));
                number
            }
        };
        self.locations.of_nodes.to_mut().push([node.0, number]);
    }

    /// Sorted by node; of several places of one node the last stays, as in DevTools.
    pub(super) fn finish(self) -> Locations {
        let Locations { places, mut of_nodes } = self.locations;
        let column = of_nodes.to_mut();
        if !column.is_sorted_by_key(|&[node, _]| node) {
            column.sort_by_key(|&[node, _]| node);
        }
        column.reverse();
        column.dedup_by_key(|&mut [node, _]| node);
        column.reverse();
        column.shrink_to_fit();
        Locations { places, of_nodes }
    }
}

impl Locations {
    pub(crate) fn of(&self, node: NodeIndex) -> Option<SourceLocation> {
        let at = self.of_nodes.binary_search_by_key(&node.0, |&[node, _]| node).ok()?;
        let [_, place] = self.of_nodes.get(at)?;
        self.places.get(*place as usize).copied()
    }

    /// (node, number of the place), by node.
    pub(crate) fn of_nodes(&self) -> &[[u32; 2]] {
        &self.of_nodes
    }

    pub(crate) fn places(&self) -> &[SourceLocation] {
        &self.places
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        let places = self.places.iter();
        let places: Vec<[u32; 3]> = places
            .map(|place| [place.script_id, place.line, place.column])
            .collect();
        store.made("places", &places);
        store.column("placed", &self.of_nodes);
    }

    pub(super) fn load(load: &Load) -> Option<Locations> {
        let places = load.column::<[u32; 3]>("places")?;
        let place = |&[script_id, line, column]: &[u32; 3]| SourceLocation {
            script_id,
            line,
            column,
        };
        Some(Locations {
            places: places.iter().map(place).collect(),
            of_nodes: load.column("placed")?,
        })
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        std::mem::size_of_val(&*self.places) + std::mem::size_of_val(&*self.of_nodes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_of_a_node_stays() {
        let place = |line| SourceLocation {
            script_id: 1,
            line,
            column: 0,
        };
        let mut builder = LocationsBuilder::default();
        for (node, line) in [(5, 1), (2, 2), (5, 3), (7, 1)] {
            builder.push(NodeIndex(node), place(line));
        }
        let locations = builder.finish();
        let read: Vec<_> = [2, 3, 5, 7].map(|node| locations.of(NodeIndex(node))).into();
        assert_eq!(read, [Some(place(2)), None, Some(place(3)), Some(place(1))]);
        assert_eq!(locations.places().len(), 3);
    }
}
