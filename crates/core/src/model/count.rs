//! Lengths as the u32 numbers that the compact models keep. Not a place for anything else.

use crate::{Error, Result};

/// `length` as u32, or the error that names what there are too many of.
pub(super) fn as_u32(length: usize, what: &'static str) -> Result<u32> {
    u32::try_from(length).map_err(|_| Error::TooLarge {
        what,
        limit: u64::from(u32::MAX),
    })
}
