//! A regular expression of JavaScript, matched as JavaScript matches it: over UTF-16 units, with its syntax and flags.
//!
//! An engine with other rules would be worse than none here. What JavaScript calls a digit is less than what Rust's
//! `regex` does, and a pattern that matches more than its author meant keeps a secret.

use regress::{Flags, Regex};

use crate::{Error, Result};

/// Says which strings stay as they are.
pub trait Keep: std::fmt::Debug + Send {
    /// Whether a string, as UTF-16 units, stays.
    fn keeps(&self, units: &[u16]) -> bool;
}

/// A pattern whose matches are not redacted. It matches anywhere in a string, as `RegExp.prototype.test` does.
///
/// The engine backtracks, as V8's does: nested repetitions can take time exponential in the length of a string.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot_redact::KeepPattern;
/// assert!(KeepPattern::new(r"^[\w-]+\.js$", "i").is_ok());
/// ```
#[derive(Debug)]
pub struct KeepPattern {
    regex: Regex,
    unicode: bool,
}

impl KeepPattern {
    /// Compiles the `source` of a JavaScript regular expression with its `flags`.
    ///
    /// The flags `i`, `m`, `s`, `u` and `v` mean what they mean there; `d` and `g` change nothing.
    ///
    /// # Errors
    ///
    /// [`Error::KeepPattern`] for another flag (`y` has no meaning without a position), and for a syntax that is newer than
    /// ES2018 and not known here.
    ///
    /// ```
    /// # use rs_profiler_core::format::heapsnapshot_redact::KeepPattern;
    /// assert!(KeepPattern::new("(", "").unwrap_err().to_string().contains("/(/"));
    /// ```
    pub fn new(source: &str, flags: &str) -> Result<KeepPattern> {
        let refuse = |reason: String| Error::KeepPattern {
            pattern: format!("/{source}/{flags}"),
            reason,
        };
        if let Some(flag) = flags.chars().find(|flag| !"dgimsuv".contains(*flag)) {
            return Err(refuse(format!("the flag {flag} is not supported")));
        }
        let parsed = Flags::from(flags);
        let regex = Regex::with_flags(source, parsed).map_err(|error| refuse(error.text))?;
        let unicode = parsed.unicode || parsed.unicode_sets;
        Ok(KeepPattern { regex, unicode })
    }
}

impl Keep for KeepPattern {
    fn keeps(&self, units: &[u16]) -> bool {
        if self.unicode {
            self.regex.find_from_utf16(units, 0).next().is_some()
        } else {
            self.regex.find_from_ucs2(units, 0).next().is_some()
        }
    }
}
