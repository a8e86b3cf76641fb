//! One JSON string, in UTF-16 units: read in pieces, written as V8 writes it.

use super::Step;

/// Units that are kept of one string. What is longer is only counted.
pub(super) const LONGEST: usize = 65_536;

/// Reads a string after its opening quote.
#[derive(Debug, Default)]
pub(super) struct TextReader {
    units: Vec<u16>,
    count: u64,
    state: State,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Plain,
    Escape,
    /// Digits read of the four after `\u`, and their value.
    Hex(u8, u16),
    /// Bytes to come of a UTF-8 sequence, and the bits so far.
    Utf8(u8, u32),
}

impl TextReader {
    /// Begins a new string.
    pub(super) fn begin(&mut self) {
        self.units.clear();
        self.count = 0;
        self.state = State::Plain;
    }

    /// The string's units; `None` when it was longer than [`LONGEST`].
    pub(super) fn units(&self) -> Option<&[u16]> {
        (self.count <= LONGEST as u64).then_some(&self.units)
    }

    /// The string's length in UTF-16 units.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Reads up to the closing quote. Returns the bytes taken, the quote included, and whether it came.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Step<(usize, bool)> {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if matches!(self.state, State::Plain) {
                let run = bytes[at..].iter().position(|byte| !is_plain(*byte));
                let run = &bytes[at..run.map_or(bytes.len(), |length| at + length)];
                if !run.is_empty() {
                    self.push_run(run);
                    at += run.len();
                    continue;
                }
                if byte == b'"' {
                    return Ok((at + 1, true));
                }
            }
            self.step(byte)?;
            at += 1;
        }
        Ok((at, false))
    }

    fn step(&mut self, byte: u8) -> Step<()> {
        self.state = match self.state {
            State::Plain => match byte {
                b'\\' => State::Escape,
                0..=0x1f => return Err("a string holds a control character that is not escaped"),
                0xc2..=0xdf => State::Utf8(1, u32::from(byte & 0x1f)),
                0xe0..=0xef => State::Utf8(2, u32::from(byte & 0x0f)),
                0xf0..=0xf4 => State::Utf8(3, u32::from(byte & 0x07)),
                _ => return Err("a string is not UTF-8"),
            },
            State::Escape => match byte {
                b'u' => State::Hex(0, 0),
                _ => {
                    self.push(unescaped(byte)?);
                    State::Plain
                }
            },
            State::Hex(digits, value) => {
                let digit = char::from(byte).to_digit(16).ok_or("an escape has too few digits")?;
                let value = value << 4 | digit as u16;
                if digits == 3 {
                    self.push(value);
                    State::Plain
                } else {
                    State::Hex(digits + 1, value)
                }
            }
            State::Utf8(left, bits) => {
                if byte & 0xc0 != 0x80 {
                    return Err("a string is not UTF-8");
                }
                let bits = bits << 6 | u32::from(byte & 0x3f);
                if left == 1 {
                    let character = char::from_u32(bits).ok_or("a string is not UTF-8")?;
                    character
                        .encode_utf16(&mut [0; 2])
                        .iter()
                        .for_each(|unit| self.push(*unit));
                    State::Plain
                } else {
                    State::Utf8(left - 1, bits)
                }
            }
        };
        Ok(())
    }

    fn push(&mut self, unit: u16) {
        self.count += 1;
        if self.units.len() < LONGEST {
            self.units.push(unit);
        }
    }

    fn push_run(&mut self, run: &[u8]) {
        self.count += run.len() as u64;
        let room = LONGEST - self.units.len();
        self.units.extend(run.iter().take(room).map(|byte| u16::from(*byte)));
    }
}

fn is_plain(byte: u8) -> bool {
    (0x20..0x80).contains(&byte) && byte != b'"' && byte != b'\\'
}

fn unescaped(byte: u8) -> Step<u16> {
    Ok(u16::from(match byte {
        b'"' | b'\\' | b'/' => byte,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        _ => return Err("a string holds an escape that JSON does not have"),
    }))
}

/// Writes units as V8 does: ASCII, with escapes in capitals.
pub(super) fn write_escaped(units: &[u16], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &unit in units {
        let short = match unit {
            8 => b'b',
            9 => b't',
            10 => b'n',
            12 => b'f',
            13 => b'r',
            0x22 => b'"',
            0x5c => b'\\',
            0x20..=0x7f => {
                out.push(unit as u8);
                continue;
            }
            _ => {
                let digits = [12, 8, 4, 0].map(|shift| HEX[usize::from(unit >> shift & 15)]);
                out.extend_from_slice(b"\\u");
                out.extend_from_slice(&digits);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', short]);
    }
}
