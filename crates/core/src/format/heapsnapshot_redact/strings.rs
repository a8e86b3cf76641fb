//! The table of strings: each is read, judged and written.

use super::fate::{fate, Fate};
use super::hash;
use super::marks::Marks;
use super::options::{RedactOptions, RedactReport};
use super::text::{write_escaped, TextReader};
use super::Step;

/// Reads the array after its opening bracket.
#[derive(Debug, Default)]
pub(super) struct StringTable {
    place: Place,
    text: TextReader,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first string: the array may be empty.
    #[default]
    First,
    Before,
    Within,
    After,
}

impl StringTable {
    /// Reads up to the closing bracket. Returns the bytes taken, the bracket included, and whether it came.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        out: &mut Vec<u8>,
        marks: &Marks,
        options: &RedactOptions,
        report: &mut RedactReport,
    ) -> Step<(usize, bool)> {
        let mut at = 0;
        while at < bytes.len() {
            if self.place == Place::Within {
                let (taken, ended) = self.text.feed(&bytes[at..])?;
                at += taken;
                if ended {
                    self.place = Place::After;
                    write_judged(&self.text, out, marks, options, report);
                }
                continue;
            }
            let byte = bytes[at];
            at += 1;
            match (byte, self.place) {
                (b'"', Place::First | Place::Before) => {
                    self.text.begin();
                    self.place = Place::Within;
                    // The quote is written with the string, when it is known.
                    continue;
                }
                (b',', Place::After) => self.place = Place::Before,
                (b' ' | b'\n' | b'\r' | b'\t', _) => {}
                (b']', Place::First | Place::After) => {
                    out.push(byte);
                    return Ok((at, true));
                }
                _ => return Err("something other than a string stands among the strings"),
            }
            out.push(byte);
        }
        Ok((at, false))
    }
}

fn write_judged(
    text: &TextReader,
    out: &mut Vec<u8>,
    marks: &Marks,
    options: &RedactOptions,
    report: &mut RedactReport,
) {
    let index = report.strings;
    report.strings += 1;
    out.push(b'"');
    let units = text.units().unwrap_or_default();
    let fate = match text.units() {
        Some(units) => fate(index, units, marks, options),
        None => Fate::Blanked,
    };
    match fate {
        Fate::Stays => write_escaped(units, out),
        Fate::Kept => {
            report.kept += 1;
            write_escaped(units, out);
        }
        Fate::WeakPair(blanked) => {
            report.weak_pairs += 1;
            write_escaped(&blanked, out);
        }
        Fate::Hashed(range) => match &options.keys {
            Some(salt) => {
                report.keys += 1;
                write_escaped(&units[..range.start], out);
                out.extend_from_slice(&hash::name(salt, &units[range.clone()]));
                write_escaped(&units[range.end..], out);
            }
            None => write_blank(index, text.count(), out, report),
        },
        Fate::Blanked => write_blank(index, text.count(), out, report),
    }
    out.push(b'"');
}

/// Stars, and the index in base 36 at the end where there is room for it and a star.
fn write_blank(index: u64, length: u64, out: &mut Vec<u8>, report: &mut RedactReport) {
    report.blanked += 1;
    report.blanked_units += length;
    let mut digits = Vec::new();
    let mut rest = index;
    loop {
        digits.push(b"0123456789abcdefghijklmnopqrstuvwxyz"[(rest % 36) as usize]);
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    if digits.len() as u64 >= length {
        digits.clear();
    }
    let stars = length - digits.len() as u64;
    out.extend((0..stars).map(|_| b'*'));
    out.extend(digits.iter().rev());
}
