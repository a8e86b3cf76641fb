//! Which names have the most bytes, in memory that does not depend on how many names there are.
//!
//! V8 numbers names in the order in which it meets them, so those of most objects have low numbers: these are counted one by
//! one. Of the rest a bounded number is counted (Misra and Gries 1982, with the median as Anderson et al. 2017 have it):
//! when there are too many, the median of their weights is taken off each, and those that have nothing left are forgotten.

use std::collections::HashMap;

/// Names below this are counted one by one.
const NEAR: usize = 1 << 16;
/// How many of the others are counted.
const MOST: usize = 1 << 16;

/// Objects of one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct NameSum {
    pub(super) count: u64,
    pub(super) size: u64,
    /// Bytes that may have been missed before the name was counted.
    pub(super) missed: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counter {
    sum: NameSum,
    /// What was not taken off yet.
    weight: u64,
}

#[derive(Debug, Default)]
pub(super) struct HeavyNames {
    near: Vec<NameSum>,
    far: HashMap<u32, Counter>,
    /// What was taken off altogether: no name misses more bytes.
    taken: u64,
}

impl HeavyNames {
    #[inline]
    pub(super) fn add(&mut self, name: u32, size: u64) {
        let at = name as usize;
        if at >= NEAR {
            return self.add_far(name, size);
        }
        if at >= self.near.len() {
            self.near.resize((at + 1).next_power_of_two(), NameSum::default());
        }
        let sum = &mut self.near[at];
        sum.count += 1;
        sum.size = sum.size.saturating_add(size);
    }

    fn add_far(&mut self, name: u32, size: u64) {
        let counter = self.far.entry(name).or_default();
        if counter.sum.count == 0 {
            counter.sum.missed = self.taken;
        }
        counter.sum.count += 1;
        counter.sum.size = counter.sum.size.saturating_add(size);
        counter.weight = counter.weight.saturating_add(size);
        if self.far.len() > MOST {
            self.forget();
        }
    }

    /// Forgets half of the names at least. Linear, and so constant per name that came.
    #[cold]
    fn forget(&mut self) {
        let mut weights: Vec<u64> = self.far.values().map(|counter| counter.weight).collect();
        let middle = weights.len() / 2;
        let (_, median, _) = weights.select_nth_unstable(middle);
        let median = *median;
        self.taken = self.taken.saturating_add(median);
        self.far.retain(|_, counter| {
            counter.weight = counter.weight.saturating_sub(median);
            counter.weight > 0
        });
    }

    /// Whether names were forgotten.
    pub(super) fn is_approximate(&self) -> bool {
        self.taken > 0
    }

    /// What was counted, in no order.
    pub(super) fn sums(&self) -> impl Iterator<Item = (u32, NameSum)> + '_ {
        let near = (0..).zip(&self.near).map(|(name, sum)| (name, *sum));
        let far = self.far.iter().map(|(&name, counter)| (name, counter.sum));
        near.chain(far).filter(|(_, sum)| sum.count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heavy_stays_and_nothing_misses_more_than_it_says() {
        let mut names = HeavyNames::default();
        let mut truth: HashMap<u32, u64> = HashMap::new();
        let mut state = 7u64;
        for round in 0..600_000u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Every tenth object is of one of ten far names, the others are of names that come once or twice.
            let name = match round % 10 {
                0 => 3_000_000 + (round / 10) % 10,
                1 => round % 50,
                _ => 70_000 + (state >> 40) as u32 % 400_000,
            };
            let size = 16 + (state >> 33) % 64;
            *truth.entry(name).or_default() += size;
            names.add(name, size);
        }
        assert!(names.is_approximate() && names.far.len() <= MOST);
        let sums: HashMap<u32, NameSum> = names.sums().collect();
        for (name, sum) in &sums {
            let true_size = truth[name];
            assert!(sum.size <= true_size && true_size <= sum.size + sum.missed, "{name}");
        }
        for heavy in 3_000_000..3_000_010 {
            assert_eq!(sums[&heavy].size, truth[&heavy]);
        }
        for near in (0..50).filter(|near| near % 10 == 1) {
            assert_eq!((sums[&near].size, sums[&near].missed), (truth[&near], 0));
        }
    }
}
