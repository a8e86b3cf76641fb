//! How many nodes of a heap graph there are of each kind: objects by name, everything else by type.

use std::collections::HashMap;

/// Counts of nodes.
///
/// ```
/// use rs_profiler_core::analyze::Histogram;
/// let mut histogram = Histogram::default();
/// histogram.add_object(b"Map");
/// histogram.add_object(b"Map");
/// histogram.add_other(4);
/// assert_eq!(histogram.objects().collect::<Vec<_>>(), [(&b"Map"[..], 2)]);
/// assert_eq!(histogram.others().collect::<Vec<_>>(), [(4, 1)]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    by_name: HashMap<Box<[u8]>, u32>,
    by_type: HashMap<i32, u32>,
}

impl Histogram {
    /// Counts an object. Copies its name when it is the first of that name.
    pub fn add_object(&mut self, name: &[u8]) {
        match self.by_name.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.by_name.insert(name.into(), 1)),
        }
    }

    /// Counts a node that is no object, by the number of its type.
    pub fn add_other(&mut self, node_type: i32) {
        *self.by_type.entry(node_type).or_default() += 1;
    }

    /// Names of objects, each once, and how many there are; in no particular order.
    pub fn objects(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.by_name.iter().map(|(name, count)| (&**name, *count))
    }

    /// Types of other nodes, each once, and how many there are; in no particular order.
    pub fn others(&self) -> impl Iterator<Item = (i32, u32)> {
        self.by_type.iter().map(|(node_type, count)| (*node_type, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_count_by_name_and_others_by_type() {
        let mut histogram = Histogram::default();
        for name in ["a", "", "b", "a", "a"] {
            histogram.add_object(name.as_bytes());
        }
        for node_type in [7, 0, 7] {
            histogram.add_other(node_type);
        }
        let mut objects: Vec<_> = histogram.objects().collect();
        objects.sort();
        assert_eq!(objects, [(&b""[..], 1), (&b"a"[..], 3), (&b"b"[..], 1)]);
        let mut others: Vec<_> = histogram.others().collect();
        others.sort();
        assert_eq!(others, [(0, 1), (7, 2)]);
    }

    #[test]
    fn nothing_was_counted_yet() {
        let histogram = Histogram::default();
        assert_eq!((histogram.objects().count(), histogram.others().count()), (0, 0));
    }
}
