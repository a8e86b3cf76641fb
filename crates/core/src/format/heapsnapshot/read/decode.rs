//! Decimal numbers to u32, the inner loop of reading: 95 % of a snapshot are numbers below 2^32 between commas.

/// Why decoding stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes ended after a comma.
    End,
    /// The array ended; `consumed` includes the bracket.
    Bracket,
    /// What begins at `consumed` is not a number and its comma: something else, a number of more than 32 bits, or
    /// a number that the bytes end in.
    Other,
}

/// Appends the numbers at the start of `bytes` to `numbers`. Returns how many bytes were understood, and why it stopped.
/// `bytes` must begin where an element may begin.
pub(super) fn decode(bytes: &[u8], numbers: &mut Vec<u32>) -> (usize, Stop) {
    let mut consumed = 0;
    loop {
        while let Some((value, next)) = usual(bytes, consumed) {
            numbers.push(value);
            consumed = next;
        }
        let Some((value, next, bracket)) = element(bytes, consumed) else {
            break;
        };
        numbers.push(value);
        consumed = next;
        if bracket {
            return (consumed, Stop::Bracket);
        }
    }
    let ended = consumed == bytes.len() && consumed > 0;
    (consumed, if ended { Stop::End } else { Stop::Other })
}

/// Bytes that the longest number takes, with the end of line and the comma after it.
const LONGEST: usize = 12;

/// What [`element`] gives for a number as V8 writes it: digits and a comma, or digits, an end of line and a comma. Nothing for
/// what may be otherwise, and in the last bytes. Faster, because nothing waits for a branch on how many digits there are, which
/// no processor foresees: eight bytes are looked at together. Numbers of one digit, two of five, are foreseen.
#[inline(always)]
fn usual(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let text: &[u8; LONGEST] = bytes.get(at..)?.first_chunk()?;
    if text[1] == b',' || (text[1] == b'\n' && text[2] == b',') {
        let digit = text[0].wrapping_sub(b'0');
        let next = at + if text[1] == b',' { 2 } else { 3 };
        return (digit <= 9).then_some((u32::from(digit), next));
    }
    let digits = u64::from_le_bytes(*text.first_chunk()?) ^ ZEROS;
    // JSON allows no zero in front, and of a number with one digit this is not one.
    if digits & 0xFF == 0 {
        return None;
    }
    // The high bit of each byte that is above 9.
    let others = (((digits & !HIGH_BITS) + (HIGH_BITS - each_byte(10))) | digits) & HIGH_BITS;
    let (value, length) = if others != 0 {
        let length = others.trailing_zeros() / 8;
        if length == 0 {
            return None;
        }
        (eight_digits(digits << (64 - 8 * length)) as u32, length as usize)
    } else {
        more_digits(text, eight_digits(digits))?
    };
    match text[length] {
        b',' => Some((value, at + length + 1)),
        b'\n' if text.get(length + 1) == Some(&b',') => Some((value, at + length + 2)),
        _ => None,
    }
}

const HIGH_BITS: u64 = each_byte(0x80);
const ZEROS: u64 = each_byte(b'0');

const fn each_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The number of eight digits, the first of them in the lowest byte.
#[inline(always)]
fn eight_digits(digits: u64) -> u64 {
    // Two digits in every second byte, then the four such pairs with their weights.
    let pairs = digits.wrapping_mul(10) + (digits >> 8);
    let (first, second) = (pairs & 0x0000_00FF_0000_00FF, (pairs >> 16) & 0x0000_00FF_0000_00FF);
    let first = first.wrapping_mul(100 + (1_000_000 << 32));
    let second = second.wrapping_mul(1 + (10_000 << 32));
    first.wrapping_add(second) >> 32
}

/// A number that begins with eight digits, and how many it has, if it has ten at most and fits.
fn more_digits(text: &[u8; LONGEST], front: u64) -> Option<(u32, usize)> {
    let mut value = front;
    let mut length = 8;
    while length < LONGEST - 1 && text[length].is_ascii_digit() {
        value = value * 10 + u64::from(text[length] - b'0');
        length += 1;
    }
    Some((u32::try_from(value).ok()?, length))
}

/// The number at `at`, where the next element begins, and whether the array ends between.
#[inline(always)]
fn element(bytes: &[u8], mut at: usize) -> Option<(u32, usize, bool)> {
    let mut first = *bytes.get(at)?;
    while is_space(first) {
        at += 1;
        first = *bytes.get(at)?;
    }
    let mut value = u64::from(first.wrapping_sub(b'0'));
    if value > 9 {
        return None;
    }
    let start = at;
    let end = loop {
        at += 1;
        let byte = *bytes.get(at)?;
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break byte;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    };
    // More than 10 digits may have overflowed; JSON allows no zero in front.
    if at - start > 10 || (first == b'0' && at - start > 1) {
        return None;
    }
    let value = u32::try_from(value).ok()?;
    let mut end = end;
    while is_space(end) {
        at += 1;
        end = *bytes.get(at)?;
    }
    match end {
        b',' => Some((value, at + 1, false)),
        b']' => Some((value, at + 1, true)),
        _ => None,
    }
}

#[inline(always)]
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> (Vec<u32>, usize, Stop) {
        let mut numbers = Vec::new();
        let (consumed, stop) = decode(text.as_bytes(), &mut numbers);
        (numbers, consumed, stop)
    }

    /// What `decode` does, byte by byte.
    fn slowly(bytes: &[u8]) -> (Vec<u32>, usize, Stop) {
        let (mut numbers, mut consumed) = (Vec::new(), 0);
        while let Some((value, next, bracket)) = element(bytes, consumed) {
            numbers.push(value);
            consumed = next;
            if bracket {
                return (numbers, consumed, Stop::Bracket);
            }
        }
        let stop = if consumed == bytes.len() && consumed > 0 {
            Stop::End
        } else {
            Stop::Other
        };
        (numbers, consumed, stop)
    }

    proptest::proptest! {
        #[test]
        fn fast_is_the_same_as_slow(
            numbers in proptest::collection::vec((0..=70_000_000_000_u64, 0..=11_u32), 0..400),
            breaks in 1..9_usize,
            harm in proptest::option::of((0..4000_usize, proptest::sample::select(&b",\n 0]-x\x80\xB0:/"[..]))),
        ) {
            let mut text = String::new();
            for (at, (number, shift)) in numbers.iter().enumerate() {
                let end = if at % breaks == 0 { "\n," } else { "," };
                text += &format!("{}{end}", number / 10_u64.pow(*shift));
            }
            let mut bytes = text.into_bytes();
            if let Some((place, byte)) = harm && let Some(harmed) = bytes.get_mut(place) {
                *harmed = byte;
            }
            let mut found = Vec::new();
            let (consumed, stop) = decode(&bytes, &mut found);
            proptest::prop_assert_eq!((found, consumed, stop), slowly(&bytes));
        }
    }

    #[test]
    fn digits_of_every_count_are_read() {
        let ends: Vec<u32> = (0..10)
            .flat_map(|power| [10_u32.pow(power), 10_u32.pow(power) - 1])
            .collect();
        let text: String = ends
            .iter()
            .chain(&[u32::MAX])
            .cycle()
            .take(200)
            .map(|number| format!("{number},"))
            .collect();
        let (numbers, consumed, stop) = decoded(&text);
        assert_eq!(numbers.len(), 200);
        assert_eq!((numbers, consumed, stop), slowly(text.as_bytes()));
        assert_eq!((consumed, stop), (text.len(), Stop::End));
    }

    #[test]
    fn stops_where_it_should() {
        assert_eq!(decoded("1,22,"), (vec![1, 22], 5, Stop::End));
        assert_eq!(decoded("9,1,\n0\n,7]\n,x"), (vec![9, 1, 0, 7], 10, Stop::Bracket));
        assert_eq!(decoded("4294967295,4294967296,1,"), (vec![u32::MAX], 11, Stop::Other));
        assert_eq!(decoded("1,99999999999999999999999,"), (vec![1], 2, Stop::Other));
        for odd in [
            "12", "", "-1,", "1.5,", "01,", "1 2,", ",1,", "\"1\",", "1e3,", "1, ]", "1:",
        ] {
            let (_, _, stop) = decoded(odd);
            assert_eq!(stop, Stop::Other, "{odd}");
        }
    }
}
