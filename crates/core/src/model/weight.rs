//! What is counted and what is measured of a stack, side by side.

use std::ops::{Add, AddAssign};

/// Samples and microseconds of a CPU profile, or objects and bytes of a sampling heap profile.
///
/// Sums stop at the largest number; a real profile never gets there.
///
/// ```
/// use rs_profiler_core::model::Weight;
/// let sum = Weight { count: 1, amount: 950 } + Weight { count: 2, amount: 2_050 };
/// assert_eq!(sum, Weight { count: 3, amount: 3_000 });
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Weight {
    /// How many: samples, objects.
    pub count: u64,
    /// How much: microseconds, bytes.
    pub amount: u64,
}

impl Weight {
    /// Nothing.
    pub const ZERO: Weight = Weight { count: 0, amount: 0 };

    /// Whether there is nothing of it.
    ///
    /// ```
    /// assert!(rs_profiler_core::model::Weight::ZERO.is_zero());
    /// ```
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// What is left without `other`, at least nothing.
    ///
    /// ```
    /// use rs_profiler_core::model::Weight;
    /// assert_eq!(Weight::ZERO.without(Weight { count: 1, amount: 1 }), Weight::ZERO);
    /// ```
    pub fn without(self, other: Weight) -> Weight {
        Weight {
            count: self.count.saturating_sub(other.count),
            amount: self.amount.saturating_sub(other.amount),
        }
    }
}

impl Add for Weight {
    type Output = Weight;

    fn add(self, other: Weight) -> Weight {
        Weight {
            count: self.count.saturating_add(other.count),
            amount: self.amount.saturating_add(other.amount),
        }
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Weight) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Weight {
    fn sum<I: Iterator<Item = Weight>>(weights: I) -> Weight {
        weights.fold(Weight::ZERO, Add::add)
    }
}
