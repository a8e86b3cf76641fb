//! The names V8 gives the two edges of a WeakMap entry: from the key and from the table, both to the value.
//!
//! `<digits> / part of key (<key> @<id>) -> value (<value> @<id>) pair in WeakMap (table @<id>)`, where key and value
//! are any text on one line. DevTools matches it with a regular expression; this says yes to the same texts.

/// What such a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WeakPairName<'a> {
    /// The id of the table, `None` when it is no 32 bit number.
    pub(crate) table: Option<u32>,
    /// The name without its leading digits: the same for both edges of a pair.
    pub(crate) pair: &'a [u8],
}

const KEY: &[u8] = b" / part of key (";
const VALUE: &[u8] = b") -> value (";
const TABLE: &[u8] = b" pair in WeakMap (table @";

impl<'a> WeakPairName<'a> {
    /// Reads `name`, `None` when it is of another form. Linear in its length.
    pub(crate) fn parse(name: &'a [u8]) -> Option<WeakPairName<'a>> {
        let digits = name.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (_, pair) = name.split_at(digits);
        let body = pair.strip_prefix(KEY).filter(|_| digits > 0)?;
        let (head, table) = split_number(body.strip_suffix(b")")?)?;
        let items = head.strip_suffix(TABLE)?.strip_suffix(b")")?;
        let (value_head, _) = split_number(items)?;
        let value_end = value_head.strip_suffix(b" @")?.len();
        let found = memchr::memmem::find_iter(items, VALUE).any(|at| {
            let key = split_number(&items[..at]).and_then(|(head, _)| head.strip_suffix(b" @"));
            let value = items.get(at + VALUE.len()..value_end);
            matches!((key, value), (Some(key), Some(value)) if one_line(key) && one_line(value))
        });
        let table = std::str::from_utf8(table).ok().and_then(|digits| digits.parse().ok());
        found.then_some(WeakPairName { table, pair })
    }
}

/// `text` and the digits at its end, of which there must be one.
fn split_number(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| text.split_at(text.len() - digits))
}

/// Whether a JavaScript `.` matches all of `text`.
fn one_line(text: &[u8]) -> bool {
    !text.iter().any(|byte| matches!(byte, b'\n' | b'\r'))
        && memchr::memmem::find(text, "\u{2028}".as_bytes()).is_none()
        && memchr::memmem::find(text, "\u{2029}".as_bytes()).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Option<Option<u32>> {
        WeakPairName::parse(name.as_bytes()).map(|name| name.table)
    }

    #[test]
    fn reads_what_v8_writes() {
        let name = "12 / part of key (Object @3) -> value (system / Context @45) pair in WeakMap (table @678)";
        assert_eq!(table(name), Some(Some(678)));
        let pair = WeakPairName::parse(name.as_bytes()).unwrap().pair;
        assert!(pair.starts_with(b" / part of key (Object"));
        assert_eq!(
            table("1 / part of key ( @3) -> value ( @4) pair in WeakMap (table @5)"),
            Some(Some(5))
        );
        // Names of objects may look like parts of the pattern.
        let odd = "1 / part of key () -> value ( @2) -> value (x @3) pair in WeakMap (table @4) @5) -> value (y @6) \
                   pair in WeakMap (table @7)";
        assert_eq!(table(odd), Some(Some(7)));
    }

    #[test]
    fn refuses_everything_else() {
        for name in [
            "",
            "map",
            "1 / part of key (a @1) -> value (b @2) pair in WeakMap (table @)",
            "1 / part of key (a @1) -> value (b @2) pair in WeakMap (table @3",
            "1 / part of key (a @1) -> value (b @2) pair in WeakMap (table @3) ",
            "/ part of key (a @1) -> value (b @2) pair in WeakMap (table @3)",
            "1 / part of key (a 1) -> value (b @2) pair in WeakMap (table @3)",
            "1 / part of key (a @1) -> value (b 2) pair in WeakMap (table @3)",
            "1 / part of key (a\n @1) -> value (b @2) pair in WeakMap (table @3)",
            "1 / part of key (a @1) -> value (b\u{2028} @2) pair in WeakMap (table @3)",
            "1 / part of key (a @1) -> value @2) pair in WeakMap (table @3)",
        ] {
            assert_eq!(table(name), None, "{name}");
        }
    }
}
