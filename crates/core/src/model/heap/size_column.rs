//! Self sizes: 4 bytes per node, and a side table for the few objects of 4 GiB and more.

use std::collections::BTreeMap;

use super::{Column, Load, Store, MOST_BYTES};

/// Stands for "look in the side table".
const LARGE: u32 = u32::MAX;

/// Bytes per node.
#[derive(Debug, Clone, Default)]
pub(crate) struct SizeColumn {
    small: Column<u32>,
    large: BTreeMap<u32, u64>,
}

impl SizeColumn {
    pub(crate) fn reserve(&mut self, nodes: usize) {
        self.small.to_mut().reserve(nodes);
    }

    pub(crate) fn push(&mut self, size: u64) {
        let place = self.small.len();
        self.small.to_mut().push(0);
        self.set(place, size);
    }

    /// The size at `index`, 0 when there is none.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> u64 {
        match self.small.get(index) {
            Some(&LARGE) => self.large(index),
            Some(&size) => u64::from(size),
            None => 0,
        }
    }

    pub(crate) fn set(&mut self, index: usize, size: u64) {
        let Some(place) = self.small.to_mut().get_mut(index) else {
            return;
        };
        let before = *place;
        *place = match u32::try_from(size) {
            Ok(small) if small != LARGE => small,
            _ => LARGE,
        };
        if *place == LARGE {
            self.large.insert(index as u32, size);
        } else if before == LARGE {
            self.large.remove(&(index as u32));
        }
    }

    #[cold]
    fn large(&self, index: usize) -> u64 {
        self.large.get(&(index as u32)).copied().unwrap_or(u64::from(LARGE))
    }

    pub(super) fn store<'a>(&'a self, store: &mut Store<'a>) {
        let large: Vec<[u64; 2]> = self
            .large
            .iter()
            .map(|(&node, &size)| [u64::from(node), size])
            .collect();
        store.column("sizes", &self.small);
        store.made("large", &large);
    }

    pub(super) fn load(load: &Load, nodes: usize) -> Option<SizeColumn> {
        let large = load.column::<[u64; 2]>("large")?;
        let large = large.iter().map(|&[node, size]| (node as u32, size.min(MOST_BYTES)));
        Some(SizeColumn {
            small: load.column_of("sizes", nodes)?,
            large: large.collect(),
        })
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.small.heap_bytes() + self.large.len() * 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_sizes_of_any_width() {
        let mut sizes = SizeColumn::default();
        let values = [0, 1, u64::from(u32::MAX) - 1, u64::from(u32::MAX), 1 << 32, 1 << 50];
        for value in values {
            sizes.push(value);
        }
        let read: Vec<u64> = (0..values.len()).map(|index| sizes.get(index)).collect();
        assert_eq!(read, values);
        sizes.set(4, 8);
        sizes.set(0, 1 << 40);
        assert_eq!((sizes.get(4), sizes.get(0), sizes.large.len()), (8, 1 << 40, 3));
    }
}
