//! JSON strings into a text table, keys, and values that are skipped. Nesting is counted, never recursed into.

use super::fault::{Fault, Outcome};
use super::input::{shown, Input};
use crate::model::heap::TextSink;

/// The longest key that is read. Nobody has longer ones.
const LONGEST_KEY: usize = 4096;

/// Reads an array of strings into a text table.
pub(super) fn strings(input: &mut Input<'_>, texts: &mut impl TextSink) -> Outcome<()> {
    input.expect(b'[')?;
    if input.peek_token()? == b']' {
        input.skip(1);
        return Ok(());
    }
    loop {
        input.expect(b'"')?;
        string(input, texts)?;
        match input.token()? {
            b',' => {}
            b']' => return Ok(()),
            other => {
                let reason = format!("a comma or \"]\" should stand here, not {}", shown(other));
                return Err(Fault::syntax(input.offset() - 1, reason));
            }
        }
    }
}

/// Reads the rest of a string, after its quote, into the text being filled, and ends that.
fn string(input: &mut Input<'_>, strings: &mut impl TextSink) -> Outcome<()> {
    loop {
        let rest = input.rest()?;
        if rest.is_empty() {
            return Err(Fault::Cut { offset: input.offset() });
        }
        let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        strings.push_bytes(&rest[..length]);
        let found = rest.get(length).copied();
        input.skip(length);
        match found {
            None => {}
            Some(b'"') => {
                input.skip(1);
                strings.end();
                return Ok(());
            }
            Some(_) => {
                input.skip(1);
                escape(input, strings)?;
            }
        }
    }
}

fn escape(input: &mut Input<'_>, strings: &mut impl TextSink) -> Outcome<()> {
    let offset = input.offset();
    let byte = match input.byte()? {
        byte @ (b'"' | b'\\' | b'/') => byte,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            strings.push_unit(unit(input)?);
            return Ok(());
        }
        other => {
            let reason = format!("{} does not follow a backslash in JSON", shown(other));
            return Err(Fault::syntax(offset, reason));
        }
    };
    strings.push_bytes(&[byte]);
    Ok(())
}

/// Four hexadecimal digits.
fn unit(input: &mut Input<'_>) -> Outcome<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        let offset = input.offset();
        let byte = input.byte()?;
        let Some(digit) = (byte as char).to_digit(16) else {
            let reason = format!("{} is not a hexadecimal digit", shown(byte));
            return Err(Fault::syntax(offset, reason));
        };
        unit = unit << 4 | digit as u16;
    }
    Ok(unit)
}

/// A key and its colon.
pub(super) fn key(input: &mut Input<'_>) -> Outcome<Vec<u8>> {
    input.expect(b'"')?;
    let start = input.offset();
    let mut key = Vec::new();
    loop {
        match input.byte()? {
            b'"' => break,
            // No key of interest has an escape, so it need only differ from them.
            byte => key.push(byte),
        }
        if key.last() == Some(&b'\\') {
            key.push(input.byte()?);
        }
        if key.len() > LONGEST_KEY {
            return Err(Fault::syntax(start, "a key is longer than 4096 bytes"));
        }
    }
    input.expect(b':')?;
    Ok(key)
}

/// Skips a value of any kind and depth, and keeps up to `limit` bytes of it in `kept` if asked to.
pub(super) fn value(input: &mut Input<'_>, mut kept: Option<(&mut Vec<u8>, usize)>) -> Outcome<()> {
    let start = input.offset();
    let mut depth = 0u64;
    let mut text = false;
    input.peek_token()?;
    loop {
        let at = input.offset();
        let byte = if depth == 0 { input.peek()? } else { input.byte()? };
        if depth == 0 && !text && at > start && matches!(byte, b',' | b'}' | b']') {
            return Ok(());
        }
        if depth == 0 {
            input.skip(1);
        }
        if let Some((kept, limit)) = &mut kept {
            if kept.len() >= *limit {
                return Err(Fault::syntax(start, format!("a value is longer than {limit} bytes")));
            }
            kept.push(byte);
        }
        match (text, byte) {
            (true, b'\\') => {
                let escaped = input.byte()?;
                if let Some((kept, _)) = &mut kept {
                    kept.push(escaped);
                }
            }
            (_, b'"') => text = !text,
            (true, _) => {}
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return Err(Fault::syntax(at, format!("{} closes nothing", shown(byte)))),
            },
            (false, b',' | b':') if depth == 0 => {
                return Err(Fault::syntax(
                    at,
                    format!("a value should stand here, not {}", shown(byte)),
                ));
            }
            (false, _) => {}
        }
        if depth == 0 && !text && matches!(byte, b'}' | b']' | b'"') {
            return Ok(());
        }
    }
}
