//! Whether an object id was seen before, in memory bounded by the ids that came.

/// Ids below this are bits (16 MiB at most); the few above wait in a list.
const NEAR: u32 = 1 << 27;

/// The ids of a file so far. Most count up from 1; V8's hash-like ids of native objects may be anything.
#[derive(Debug, Default)]
pub(super) struct IdSet {
    near: Vec<u64>,
    far: Vec<u32>,
}

impl IdSet {
    /// Adds `id`; false if it is known to be there already. Large ids are checked by [`finish`](Self::finish).
    #[inline]
    pub(super) fn insert(&mut self, id: u32) -> bool {
        if id >= NEAR {
            self.far.push(id);
            return true;
        }
        let (word, bit) = ((id >> 6) as usize, 1u64 << (id & 63));
        if word >= self.near.len() {
            self.near.resize((word + 1).max(self.near.len() * 2), 0);
        }
        let before = self.near[word];
        self.near[word] = before | bit;
        before & bit == 0
    }

    /// One of the large ids that came twice.
    pub(super) fn finish(mut self) -> Option<u32> {
        self.far.sort_unstable();
        self.far.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_second_of_two() {
        let mut ids = IdSet::default();
        assert!(ids.insert(3) && ids.insert(NEAR - 1) && ids.insert(0));
        assert!(!ids.insert(3) && !ids.insert(NEAR - 1));
        assert!(ids.insert(u32::MAX) && ids.insert(NEAR));
        assert_eq!(ids.finish(), None);
        let mut ids = IdSet::default();
        assert!(ids.insert(u32::MAX) && ids.insert(NEAR) && ids.insert(u32::MAX));
        assert_eq!(ids.finish(), Some(u32::MAX));
    }
}
