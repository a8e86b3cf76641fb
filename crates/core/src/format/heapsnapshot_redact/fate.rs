//! What becomes of one string.

use super::marks::Marks;
use super::options::RedactOptions;
use super::weak_pair;

/// What becomes of a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays, by its use.
    Stays,
    /// It stays, because a pattern matches it.
    Kept,
    /// It becomes as many stars.
    Blanked,
    /// It becomes another text: the name of a WeakMap edge.
    WeakPair(Vec<u16>),
    /// A part of it becomes a hash: the range of the name within.
    Hashed(std::ops::Range<usize>),
}

/// Digits from which a number may be a secret: a PIN has four.
const SECRET_DIGITS: usize = 4;

/// Names that V8 gives to nodes whose names are otherwise contents.
const LABELS: [&str; 9] = [
    "(concatenated string)",
    "(sliced string)",
    "symbol",
    "bigint",
    "heap number",
    "smi number",
    "int",
    "double",
    "bool",
];

/// Properties that the language defines, and that no function, class or edge of V8 has for a name.
const LANGUAGE: [&str; 25] = [
    "__proto__",
    "constructor",
    "prototype",
    "length",
    "name",
    "message",
    "stack",
    "cause",
    "errors",
    "value",
    "done",
    "get",
    "set",
    "enumerable",
    "configurable",
    "writable",
    "index",
    "input",
    "groups",
    "raw",
    "lastIndex",
    "default",
    "exports",
    "arguments",
    "caller",
];

/// Judges a string by its place in the table, its text and its uses.
pub(super) fn fate(index: u64, units: &[u16], marks: &Marks, options: &RedactOptions) -> Fate {
    let kept = || options.keep.iter().any(|pattern| pattern.keeps(units));
    // V8 names the slots of its arrays "0", "1" and so on. A string of such a text is no less secret for that.
    if marks.is_content(index) && !marks.is_property(index) && is_long_number(units) {
        return if kept() { Fate::Kept } else { Fate::Blanked };
    }
    if marks.is_name(index) {
        return fate_of_name(units, kept);
    }
    if marks.is_property(index) {
        if options.keys.is_none() {
            return fate_of_name(units, kept);
        }
        let name = name_within(units);
        return if is_one_of(&units[name.clone()], &LANGUAGE) || is_well_known_symbol(units) {
            Fate::Stays
        } else if kept() {
            Fate::Kept
        } else {
            Fate::Hashed(name)
        };
    }
    // V8's first string is a placeholder that nothing uses.
    if units.is_empty() || is_one_of(units, &LABELS) || (index == 0 && is_one_of(units, &["<dummy>"])) {
        Fate::Stays
    } else if kept() {
        Fate::Kept
    } else {
        Fate::Blanked
    }
}

fn fate_of_name(units: &[u16], kept: impl Fn() -> bool) -> Fate {
    if weak_pair::may_be(units) {
        return weak_pair::blanked(units).map_or(Fate::Blanked, Fate::WeakPair);
    }
    // The name of a script whose address is its source.
    if units.len() >= 5 && is_one_of(&units[..5], &["data:"]) {
        return if kept() { Fate::Kept } else { Fate::Blanked };
    }
    Fate::Stays
}

/// Where the name is in what V8 makes of it: `get NAME`, `set NAME`, `<symbol NAME>`.
fn name_within(units: &[u16]) -> std::ops::Range<usize> {
    let starts = |text: &str| units.len() > text.len() && is_one_of(&units[..text.len()], &[text]);
    if starts("get ") || starts("set ") {
        return 4..units.len();
    }
    if starts("<symbol ") && units.last() == Some(&u16::from(b'>')) {
        return 8..units.len() - 1;
    }
    0..units.len()
}

/// Whether a text is a decimal number of at least [`SECRET_DIGITS`].
fn is_long_number(units: &[u16]) -> bool {
    units.len() >= SECRET_DIGITS && units.iter().all(|unit| (0x30..0x3a).contains(unit))
}

fn is_well_known_symbol(units: &[u16]) -> bool {
    const NAMES: [&str; 15] = [
        "<symbol Symbol.asyncDispose>",
        "<symbol Symbol.asyncIterator>",
        "<symbol Symbol.dispose>",
        "<symbol Symbol.hasInstance>",
        "<symbol Symbol.isConcatSpreadable>",
        "<symbol Symbol.iterator>",
        "<symbol Symbol.match>",
        "<symbol Symbol.matchAll>",
        "<symbol Symbol.replace>",
        "<symbol Symbol.search>",
        "<symbol Symbol.species>",
        "<symbol Symbol.split>",
        "<symbol Symbol.toPrimitive>",
        "<symbol Symbol.toStringTag>",
        "<symbol Symbol.unscopables>",
    ];
    is_one_of(units, &NAMES)
}

fn is_one_of(units: &[u16], texts: &[&str]) -> bool {
    texts
        .iter()
        .any(|text| text.len() == units.len() && text.bytes().map(u16::from).eq(units.iter().copied()))
}
