//! A part of a whole.

/// A part of a whole, usually from 0 to 1; a change of one may be negative.
///
/// ```
/// use rs_profiler_core::analyze::calls::Share;
/// assert_eq!(Share::of(1, 4).percent(), 25.0);
/// assert_eq!(Share::of(1, 0), Share::new(0.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// A share given as a fraction.
    pub fn new(fraction: f64) -> Self {
        Share(fraction)
    }

    /// `part` of `whole`; none of nothing.
    pub fn of(part: u64, whole: u64) -> Self {
        match whole {
            0 => Share(0.0),
            _ => Share(part as f64 / whole as f64),
        }
    }

    /// The share as a fraction.
    pub fn fraction(self) -> f64 {
        self.0
    }

    /// The share in percent.
    pub fn percent(self) -> f64 {
        self.0 * 100.0
    }
}

impl std::ops::Sub for Share {
    type Output = Share;

    fn sub(self, other: Share) -> Share {
        Share(self.0 - other.0)
    }
}
