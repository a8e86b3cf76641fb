//! Numbers with a unit. The constructor names it.

use std::fmt;

/// A time or a distance of times in microseconds. Times are V8's monotonic clock: only their distances mean anything.
///
/// ```
/// use rs_profiler_core::model::Micros;
/// assert_eq!(Micros::from_micros(30).since(Micros::from_micros(10)), Micros::from_micros(20));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Micros(i64);

impl Micros {
    /// So many microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Micros(micros)
    }

    /// The number of microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The distance from `earlier`, negative when that is later. Wraps where it does not fit.
    pub const fn since(self, earlier: Micros) -> Micros {
        Micros(self.0.wrapping_sub(earlier.0))
    }
}

/// An amount of memory or text, or the place in a text that so many bytes precede.
///
/// ```
/// use rs_profiler_core::model::Bytes;
/// assert_eq!(Bytes::from_bytes(24).times(100), Bytes::from_bytes(2_400));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bytes(u64);

impl Bytes {
    /// So many bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Bytes(bytes)
    }

    /// The number of bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }

    /// `count` times as many. Stays at the most there can be.
    pub const fn times(self, count: u32) -> Bytes {
        Bytes(self.0.saturating_mul(count as u64))
    }

    /// Both together. Stays at the most there can be.
    pub const fn plus(self, other: Bytes) -> Bytes {
        Bytes(self.0.saturating_add(other.0))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
