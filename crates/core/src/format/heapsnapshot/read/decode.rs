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
    while let Some((value, next, bracket)) = element(bytes, consumed) {
        numbers.push(value);
        consumed = next;
        if bracket {
            return (consumed, Stop::Bracket);
        }
    }
    let ended = consumed == bytes.len() && consumed > 0;
    (consumed, if ended { Stop::End } else { Stop::Other })
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
