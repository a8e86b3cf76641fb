//! Names of WeakMap edges: `7 / part of key (NAME @ID) -> value (NAME @ID) pair in WeakMap (table @ID)`.
//!
//! The NAMEs are those of the nodes, so the value's may be the contents of a string. Analysis needs the rest: DevTools
//! recognises the edge by this form and reads the table's id.

const BEFORE_KEY: &str = " / part of key (";
const BEFORE_VALUE: &str = ") -> value (";
const BEFORE_TABLE: &str = ") pair in WeakMap (table @";

/// Whether a text may be such a name. One that may, and is not, is blanked.
pub(super) fn may_be(units: &[u16]) -> bool {
    let digits = units.iter().take_while(|unit| is_digit(**unit)).count();
    digits > 0 && starts_with(&units[digits..], BEFORE_KEY)
}

/// The name with stars for both NAMEs; `None` when it does not have the form.
pub(super) fn blanked(units: &[u16]) -> Option<Vec<u16>> {
    let key_start = find(units, BEFORE_KEY)? + BEFORE_KEY.len();
    let table_start = rfind(units, BEFORE_TABLE)?;
    let tail = &units[table_start + BEFORE_TABLE.len()..];
    let (last, table_id) = tail.split_last()?;
    if *last != u16::from(b')') || table_id.is_empty() || !table_id.iter().all(|unit| is_digit(*unit)) {
        return None;
    }
    let pair = units.get(key_start..table_start)?;
    let middle = find(pair, BEFORE_VALUE)?;
    let (key, value) = (&pair[..middle], &pair[middle + BEFORE_VALUE.len()..]);
    // Where a NAME holds the separator, what looks like an id may be contents.
    let certain = rfind(pair, BEFORE_VALUE) == Some(middle);
    let mut out = units[..key_start].to_vec();
    push_blanked(&mut out, key, certain)?;
    out.extend(BEFORE_VALUE.encode_utf16());
    push_blanked(&mut out, value, certain)?;
    out.extend_from_slice(&units[table_start..]);
    Some(out)
}

/// Appends `NAME @ID` with stars for NAME, and zeros for an ID that is not certain.
fn push_blanked(out: &mut Vec<u16>, part: &[u16], certain: bool) -> Option<()> {
    let at = rfind(part, " @")?;
    let id = &part[at + 2..];
    if id.is_empty() || !id.iter().all(|unit| is_digit(*unit)) {
        return None;
    }
    out.extend(std::iter::repeat_n(u16::from(b'*'), at));
    out.extend(" @".encode_utf16());
    out.extend(id.iter().map(|digit| if certain { *digit } else { u16::from(b'0') }));
    Some(())
}

fn is_digit(unit: u16) -> bool {
    (u16::from(b'0')..=u16::from(b'9')).contains(&unit)
}

fn starts_with(units: &[u16], text: &str) -> bool {
    units.len() >= text.len()
        && units
            .iter()
            .zip(text.bytes())
            .all(|(unit, byte)| *unit == u16::from(byte))
}

fn find(units: &[u16], text: &str) -> Option<usize> {
    (0..units.len()).find(|at| starts_with(&units[*at..], text))
}

fn rfind(units: &[u16], text: &str) -> Option<usize> {
    (0..units.len()).rfind(|at| starts_with(&units[*at..], text))
}
