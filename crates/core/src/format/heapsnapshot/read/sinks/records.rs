//! Cutting a stream of numbers into records, which may begin in one chunk and end in another.

/// The most fields a record may have. V8's have 7 at most.
pub(in super::super) const MOST_FIELDS: usize = 32;

/// A record that is not complete yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partial {
    stride: usize,
    fields: [u32; MOST_FIELDS],
    length: usize,
}

impl Partial {
    pub(super) fn new(stride: usize) -> Partial {
        Partial {
            stride,
            fields: [0; MOST_FIELDS],
            length: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The field that the next number is for.
    pub(super) fn next_field(&self) -> usize {
        self.length
    }

    /// Adds a number. Gives the record when that completes it.
    pub(super) fn push(&mut self, number: u32) -> Option<[u32; MOST_FIELDS]> {
        self.fields[self.length] = number;
        self.length += 1;
        if self.length < self.stride {
            return None;
        }
        self.length = 0;
        Some(self.fields)
    }
}

/// Hands each record in `numbers` to `take`, first the one that `partial` holds the beginning of. An error carries the
/// index of the first number of its record, as far as that lies in `numbers`.
#[inline(always)]
pub(super) fn each_record(
    partial: &mut Partial,
    numbers: &[u32],
    mut take: impl FnMut(&[u32]) -> Result<(), String>,
) -> Result<(), (usize, String)> {
    let stride = partial.stride;
    let mut start = 0;
    while !partial.is_empty() && start < numbers.len() {
        if let Some(record) = partial.push(numbers[start]) {
            take(&record[..stride]).map_err(|reason| ((start + 1).saturating_sub(stride), reason))?;
        }
        start += 1;
    }
    let records = numbers[start..].chunks_exact(stride);
    let rest = records.remainder();
    for (index, record) in records.enumerate() {
        take(record).map_err(|reason| (start + index * stride, reason))?;
    }
    for &number in rest {
        partial.push(number);
    }
    Ok(())
}
