//! What to redact, and what was redacted.

use super::keep::Keep;

/// The key of the hashes that replace names of properties. Whoever has it can try names; who has not, cannot.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot_redact::KeySalt;
/// assert_ne!(KeySalt::new([1; 16]), KeySalt::new([2; 16]));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeySalt([u8; 16]);

impl KeySalt {
    /// Takes 16 bytes, which should be random. Equal bytes give equal hashes in every file.
    ///
    /// ```
    /// # use rs_profiler_core::format::heapsnapshot_redact::KeySalt;
    /// let salt = KeySalt::new(*b"0123456789abcdef");
    /// assert_eq!(format!("{salt:?}"), "KeySalt(..)");
    /// ```
    pub fn new(bytes: [u8; 16]) -> KeySalt {
        KeySalt(bytes)
    }

    /// Takes the 16 bytes as 32 digits in hexadecimal. `None` for another text.
    ///
    /// ```
    /// # use rs_profiler_core::format::heapsnapshot_redact::KeySalt;
    /// assert_eq!(KeySalt::from_hex("000102030405060708090a0b0c0d0e0f"), Some(KeySalt::new(std::array::from_fn(|at| at as u8))));
    /// ```
    pub fn from_hex(text: &str) -> Option<KeySalt> {
        let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32)?;
        Some(KeySalt(number.to_be_bytes()))
    }

    pub(super) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::fmt::Debug for KeySalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySalt(..)")
    }
}

/// What to redact. The default blanks the contents of strings, and keeps nothing of them.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot_redact::{KeepPattern, KeySalt, RedactOptions};
/// let options = RedactOptions {
///     keys: Some(KeySalt::new([7; 16])),
///     keep: vec![Box::new(KeepPattern::new("^https?:", "i")?)],
/// };
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct RedactOptions {
    /// Whether names of properties become hashes too, and with which salt. Default is `None`: they stay.
    pub keys: Option<KeySalt>,
    /// Strings that one of these keeps stay. Default is none.
    pub keep: Vec<Box<dyn Keep>>,
}

/// What was redacted. Entries of V8's table of strings are counted, not nodes: equal texts share one.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot_redact::RedactReport;
/// assert_eq!(RedactReport::default().blanked, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RedactReport {
    /// Strings in the table.
    pub strings: u64,
    /// Strings that were blanked.
    pub blanked: u64,
    /// UTF-16 units in them.
    pub blanked_units: u64,
    /// Names of WeakMap edges, whose names of key and value were blanked.
    pub weak_pairs: u64,
    /// Names of properties that were replaced by a hash.
    pub keys: u64,
    /// Numbers of element edges that were replaced by a hash. Edges are counted here.
    pub indexes: u64,
    /// Strings that would have been blanked or replaced, but for a pattern.
    pub kept: u64,
}
