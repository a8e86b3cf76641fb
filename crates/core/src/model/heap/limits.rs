//! What no snapshot exceeds.

/// The most bytes of all nodes together: the largest integer that JavaScript has exactly.
pub(crate) const MOST_BYTES: u64 = (1 << 53) - 1;
