//! Each distinct value once, and a number for it.
//!
//! The contract: equal values get the same number; numbers count from 0 in the order in which their values were first seen;
//! a value is kept once, in the [`Pool`], which is all that is left when the interner has done its work. The hash table
//! holds numbers only.
//!
//! The hash is fast and not keyed: what is interned comes from the process that is profiled, not from a stranger. A reader of
//! files from elsewhere has to weigh that again.

use std::hash::{BuildHasher, Hash};

use hashbrown::hash_table::{Entry, HashTable};
use rustc_hash::FxBuildHasher;

use super::count::as_u32;
use crate::Result;

/// Where an interner keeps its values.
pub(super) trait Pool: Default {
    /// What is kept.
    type Value: Hash + Eq + ?Sized;
    /// What there are too many of, should there be.
    const WHAT: &'static str;
    /// How many values there are.
    fn len(&self) -> usize;
    /// The value with this number, which is below [`len`](Self::len).
    fn value(&self, number: u32) -> &Self::Value;
    /// Appends a value.
    fn push(&mut self, value: &Self::Value) -> Result<()>;
}

/// A pool being filled.
#[derive(Debug, Default)]
pub(super) struct Interner<P> {
    numbers: HashTable<u32>,
    pool: P,
}

impl<P: Pool> Interner<P> {
    /// The number of `value`, a new one if it was not seen before. Constant time but for hashing and comparing the value.
    pub(super) fn intern(&mut self, value: &P::Value) -> Result<u32> {
        let hash = |value: &P::Value| FxBuildHasher.hash_one(value);
        let pool = &mut self.pool;
        let entry = self.numbers.entry(
            hash(value),
            |&number| pool.value(number) == value,
            |&number| hash(pool.value(number)),
        );
        match entry {
            Entry::Occupied(seen) => Ok(*seen.get()),
            Entry::Vacant(place) => {
                let number = as_u32(pool.len(), P::WHAT)?;
                pool.push(value)?;
                place.insert(number);
                Ok(number)
            }
        }
    }

    /// The values, without the means to find their numbers.
    pub(super) fn into_pool(self) -> P {
        self.pool
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::strings::Strings;

    #[test]
    fn keeps_each_text_once_and_gives_it_back() {
        let mut interner = Interner::<Strings>::default();
        let numbers: Vec<u32> = ["", "a", "höhe", "a", ""]
            .iter()
            .map(|text| interner.intern(text).unwrap())
            .collect();
        assert_eq!(numbers, [0, 1, 2, 1, 0]);
        let pool = interner.into_pool();
        assert_eq!(pool.len(), 3);
        assert_eq!([pool.value(0), pool.value(1), pool.value(2)], ["", "a", "höhe"]);
    }

    #[test]
    fn numbers_stay_when_the_table_grows() {
        let mut interner = Interner::<Strings>::default();
        let texts: Vec<String> = (0..5_000).map(|number| format!("f{number}")).collect();
        for _ in 0..2 {
            for (number, text) in texts.iter().enumerate() {
                assert_eq!(interner.intern(text).unwrap() as usize, number);
            }
        }
    }
}
