//! A set of nodes: a bit each, so that the set of a large heap still fits into a processor's cache.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// An empty set of indexes below `length`.
    pub(super) fn new(length: usize) -> Bits {
        Bits {
            words: vec![0; length.div_ceil(64)],
        }
    }

    /// The words that the bits lie in.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// A set of such words.
    pub(super) fn of_words(words: Vec<u64>) -> Bits {
        Bits { words }
    }

    #[inline]
    pub(super) fn has(&self, index: u32) -> bool {
        match self.words.get(index as usize / 64) {
            Some(word) => word & (1 << (index % 64)) != 0,
            None => false,
        }
    }

    /// Adds `index`; false if it was there.
    #[inline]
    pub(super) fn add(&mut self, index: u32) -> bool {
        let Some(word) = self.words.get_mut(index as usize / 64) else {
            return false;
        };
        let bit = 1 << (index % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// The members, the lowest first.
    pub(super) fn members(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.words).flat_map(|(number, &word)| {
            let rest = std::iter::successors((word != 0).then_some(word), |rest| {
                let rest = rest & (rest - 1);
                (rest != 0).then_some(rest)
            });
            rest.map(move |rest| number * 64 + rest.trailing_zeros())
        })
    }

    /// The members in `64 * number..64 * number + 64`, a bit each.
    #[inline]
    pub(super) fn word(&self, number: u32) -> u64 {
        self.words.get(number as usize).copied().unwrap_or(0)
    }
}

/// How many members of a set come before each block of it: numbers the members without a column for all nodes.
#[derive(Debug)]
pub(super) struct Ranks {
    before: Vec<u32>,
    total: u32,
}

impl Ranks {
    pub(super) fn new(set: &Bits) -> Ranks {
        let mut total = 0;
        let before = set.words.iter().map(|word| {
            let before = total;
            total += word.count_ones();
            before
        });
        let before = before.collect();
        Ranks { before, total }
    }

    /// How many members there are.
    pub(super) fn total(&self) -> usize {
        self.total as usize
    }

    /// How many members of `set`, which must be that of `new`, are below `member`, which must be one.
    #[inline]
    pub(super) fn of(&self, set: &Bits, member: u32) -> usize {
        let below = set.word(member / 64) & ((1 << (member % 64)) - 1);
        (self.before[member as usize / 64] + below.count_ones()) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_ranks_agree_with_the_set() {
        let given = [0, 1, 63, 64, 127, 130, 300];
        let mut set = Bits::new(301);
        for member in given {
            assert!(set.add(member));
        }
        assert!(!set.add(63) && !set.add(1000));
        assert_eq!(set.members().collect::<Vec<_>>(), given);
        let ranks = Ranks::new(&set);
        assert_eq!(ranks.total(), given.len());
        for (rank, member) in given.into_iter().enumerate() {
            assert_eq!(ranks.of(&set, member), rank);
        }
        assert_eq!(Bits::new(0).members().count(), 0);
    }
}
