//! When a profile began and ended and its samples were taken, from what the text says of it. Knows no JSON.

use super::super::super::json_reader::Number;

const US_PER_SECOND: f64 = 1e6;
/// Microseconds from which on an f64 cannot count single ones any more.
const LIMIT: f64 = 9e15;

/// What the text says of times.
#[derive(Debug, Default)]
pub(super) struct RawTimes {
    pub(super) start: Option<Number>,
    pub(super) end: Option<Number>,
    pub(super) deltas: Vec<i64>,
    pub(super) timestamps: Vec<i64>,
}

/// Microseconds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) start: i64,
    pub(super) end: i64,
    /// One per sample.
    pub(super) samples: Vec<i64>,
}

impl RawTimes {
    /// How many times of samples there are; nothing when the text has none.
    pub(super) fn count(&self) -> Option<usize> {
        [self.deltas.len(), self.timestamps.len()]
            .into_iter()
            .find(|&count| count > 0)
    }

    /// Times of a list of nodes: microseconds.
    pub(super) fn in_microseconds(self, samples: usize) -> Result<Times, &'static str> {
        let start = match self.start {
            Some(start) => microseconds(start)?,
            None => self.timestamps.first().copied().unwrap_or(0),
        };
        let end = self.end.map(microseconds).transpose()?;
        let samples = if !self.deltas.is_empty() {
            added_up(start, &self.deltas)?
        } else if !self.timestamps.is_empty() {
            self.timestamps
        } else {
            spread(start, end.unwrap_or(start), samples)
        };
        Ok(Times {
            start,
            end: end.unwrap_or_else(|| after_last(start, &samples)),
            samples,
        })
    }

    /// Times of a tree: whole seconds, which are good for nothing when there are timestamps.
    pub(super) fn in_seconds(self, samples: usize) -> Result<Times, &'static str> {
        if let Some(&start) = self.timestamps.iter().min() {
            return Ok(Times {
                start,
                end: after_last(start, &self.timestamps),
                samples: self.timestamps,
            });
        }
        let in_us = |time: Option<Number>| {
            let seconds = time.map_or(0.0, Number::as_f64);
            microseconds(Number::Float(seconds * US_PER_SECOND))
        };
        let start = in_us(self.start)?;
        let end = in_us(self.end)?.max(start);
        let samples = match self.deltas.is_empty() {
            true => spread(start, end, samples),
            false => added_up(start, &self.deltas)?,
        };
        Ok(Times { start, end, samples })
    }
}

/// A number of microseconds, rounded.
pub(super) fn microseconds(number: Number) -> Result<i64, &'static str> {
    match number {
        Number::Whole(number) => Ok(number),
        Number::Float(number) if number.abs() < LIMIT => Ok(number.round() as i64),
        Number::Float(_) => Err("a time is beyond 285 years"),
    }
}

fn added_up(start: i64, deltas: &[i64]) -> Result<Vec<i64>, &'static str> {
    let mut time = start;
    deltas
        .iter()
        .map(|&delta| {
            time = time
                .checked_add(delta)
                .ok_or("the time deltas add up to more than 64 bits")?;
            Ok(time)
        })
        .collect()
}

/// Evenly, each at the end of its interval.
fn spread(start: i64, end: i64, samples: usize) -> Vec<i64> {
    let length = i128::from(end) - i128::from(start);
    let count = samples.max(1) as i128;
    (1..=samples as i128)
        .map(|index| (i128::from(start) + length * index / count) as i64)
        .collect()
}

/// One mean interval after the last sample: until then the sample lasts, by the best guess there is.
fn after_last(start: i64, samples: &[i64]) -> i64 {
    let last = samples.iter().copied().max().unwrap_or(start);
    let first = samples.iter().copied().min().unwrap_or(start);
    let mean = (i128::from(last) - i128::from(first)) / samples.len().saturating_sub(1).max(1) as i128;
    i64::try_from(i128::from(last) + mean).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_add_up_their_deltas() {
        let raw = RawTimes {
            start: Some(Number::Whole(100)),
            end: Some(Number::Float(140.4)),
            deltas: vec![10, -2, 12],
            ..RawTimes::default()
        };
        let times = raw.in_microseconds(3).unwrap();
        assert_eq!((times.start, times.end, times.samples), (100, 140, vec![110, 108, 120]));
    }

    #[test]
    fn trees_ignore_their_seconds_when_there_are_timestamps() {
        let raw = RawTimes {
            start: Some(Number::Whole(3)),
            end: Some(Number::Whole(3)),
            timestamps: vec![3_200_000, 3_100_000, 3_300_000],
            ..RawTimes::default()
        };
        let times = raw.in_seconds(3).unwrap();
        assert_eq!((times.start, times.end), (3_100_000, 3_400_000));
    }

    #[test]
    fn samples_without_times_are_spread_evenly() {
        let raw = |start, end| RawTimes {
            start: Some(start),
            end: Some(end),
            ..RawTimes::default()
        };
        let times = raw(Number::Float(1.5), Number::Whole(2)).in_seconds(2).unwrap();
        assert_eq!(times.samples, [1_750_000, 2_000_000]);
        let times = raw(Number::Whole(i64::MIN), Number::Whole(i64::MAX))
            .in_microseconds(1)
            .unwrap();
        assert_eq!(times.samples, [i64::MAX]);
    }

    #[test]
    fn times_beyond_64_bits_are_refused() {
        let raw = RawTimes {
            start: Some(Number::Whole(i64::MAX)),
            deltas: vec![1],
            ..RawTimes::default()
        };
        assert!(raw.in_microseconds(1).is_err());
        let raw = RawTimes {
            start: Some(Number::Float(1e300)),
            ..RawTimes::default()
        };
        assert!(raw.in_microseconds(0).is_err());
    }
}
