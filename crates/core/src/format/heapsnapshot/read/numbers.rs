//! An array of numbers into a sink, by whichever way is fastest for the chunk at hand.

use super::decode::{decode, is_space, Stop};
use super::fault::{Fault, Outcome};
use super::header::Header;
use super::input::{shown, Input};

/// What takes the numbers of a section.
pub(super) trait Sink {
    /// Takes numbers, or says which of them is wrong (an index into `numbers`) and why.
    fn take(&mut self, numbers: &[u32]) -> Result<(), (usize, String)>;

    /// Takes one number that is negative or needs more than 32 bits.
    fn take_wide(&mut self, number: i64) -> Result<(), String>;

    /// Whether a record is complete.
    fn is_between_records(&self) -> bool;
}

/// Reads an array, brackets and all.
pub(super) fn numbers(input: &mut Input<'_>, sink: &mut impl Sink) -> Outcome<()> {
    input.expect(b'[')?;
    if input.peek_token()? == b']' {
        input.skip(1);
        return Ok(());
    }
    let mut decoded = Vec::new();
    loop {
        if let Some((numbers, bytes)) = input.whole_numbers()? {
            let taken = sink
                .take(numbers)
                .map_err(|(index, reason)| (place_of(bytes, index), reason));
            taken.map_err(|(place, reason)| Fault::syntax(input.offset() + place, reason))?;
            input.skip_chunk();
            continue;
        }
        decoded.clear();
        let rest = input.rest()?;
        let (consumed, stop) = decode(rest, &mut decoded);
        let taken = sink
            .take(&decoded)
            .map_err(|(index, reason)| (place_of(rest, index), reason));
        taken.map_err(|(place, reason)| Fault::syntax(input.offset() + place, reason))?;
        input.skip(consumed);
        let ended = match stop {
            Stop::End => false,
            Stop::Bracket => true,
            Stop::Other => odd_number(input, sink)?,
        };
        if ended {
            break;
        }
    }
    match sink.is_between_records() {
        true => Ok(()),
        false => Err(Fault::syntax(input.offset(), "the section ends within a record")),
    }
}

/// Reads an array of records into the sink that `sink` makes of `target`.
pub(super) fn records<'s, T, S: Sink>(
    input: &mut Input<'_>,
    header: Option<&Header>,
    target: &'s mut T,
    sink: fn(&Header, &'s mut T) -> std::result::Result<S, String>,
) -> Outcome<()> {
    let offset = input.offset();
    let Some(header) = header else {
        return Err(Fault::syntax(offset, "the section \"snapshot\" should come first"));
    };
    let mut sink = sink(header, target).map_err(|reason| Fault::syntax(offset, reason))?;
    numbers(input, &mut sink)
}

/// One number of any kind, and what follows it; true at the end of the array.
fn odd_number(input: &mut Input<'_>, sink: &mut impl Sink) -> Outcome<bool> {
    let first = input.peek_token()?;
    let start = input.offset();
    let negative = first == b'-';
    if negative {
        input.skip(1);
    }
    let mut value: Option<i64> = None;
    loop {
        let byte = input.peek()?;
        if !byte.is_ascii_digit() {
            break;
        }
        input.skip(1);
        let digit = i64::from(byte - b'0');
        if value == Some(0) {
            return Err(Fault::syntax(start, "a number begins with a zero"));
        }
        let longer = value
            .unwrap_or(0)
            .checked_mul(10)
            .and_then(|value| value.checked_add(digit));
        value = Some(longer.ok_or_else(|| Fault::syntax(start, "a number does not fit in 63 bits"))?);
    }
    let Some(value) = value else {
        return Err(Fault::syntax(
            start,
            format!("an integer should stand here, not {}", shown(first)),
        ));
    };
    let end = input.token()?;
    let taken = match u32::try_from(value) {
        Ok(value) if !negative => sink.take(&[value]).map_err(|(_, reason)| reason),
        _ => sink.take_wide(if negative { -value } else { value }),
    };
    taken.map_err(|reason| Fault::syntax(start, reason))?;
    match end {
        b',' => Ok(false),
        b']' => Ok(true),
        other => {
            let reason = format!("a comma or \"]\" should stand here, not {}", shown(other));
            Err(Fault::syntax(input.offset() - 1, reason))
        }
    }
}

/// Where number `index` begins in `bytes`, counted from 0.
fn place_of(bytes: &[u8], index: usize) -> u64 {
    let after = match index.checked_sub(1) {
        None => 0,
        Some(commas) => memchr::memchr_iter(b',', bytes)
            .nth(commas)
            .map_or(0, |comma| comma + 1),
    };
    let spaces = bytes[after..].iter().take_while(|&&byte| is_space(byte)).count();
    (after + spaces) as u64
}
