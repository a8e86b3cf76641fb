//! What the child tells its parent, through a pipe: records of 96 bytes, which Linux writes whole or not at all.

use std::io::{self, Read, Write};

use crate::capture::fork_options::Phase;
use crate::sink::Produced;
use rs_profiler_core::format::heapsnapshot_redact::RedactReport;
use rs_profiler_core::format::SnapshotCounts;

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// Separated from the service. Says whether the kernel confines the child.
    Started { confined: bool },
    /// It could not be separated from the service, and so does nothing; the error number of the system, or 0.
    NotSeparated { errno: i32 },
    /// `total` is 0 where it is not known.
    Progress { phase: Phase, done: u64, total: u64 },
    /// V8 gave up the walk.
    WalkFailed,
    /// The output refused; the error number of the system, or 0.
    OutputFailed { errno: i32 },
    /// All is written.
    Done(Produced),
}

const WORDS: usize = 12;
const BYTES: usize = WORDS * 8;

impl Message {
    fn to_words(self) -> [u64; WORDS] {
        let short = |kind, a, b, c| [kind, a, b, c, 0, 0, 0, 0, 0, 0, 0, 0];
        match self {
            Message::Started { confined } => short(1, confined.into(), 0, 0),
            Message::Progress { phase, done, total } => short(2, phase as u64, done, total),
            Message::WalkFailed => short(3, 0, 0, 0),
            Message::OutputFailed { errno } => short(4, u64::from(errno.unsigned_abs()), 0, 0),
            Message::NotSeparated { errno } => short(6, u64::from(errno.unsigned_abs()), 0, 0),
            Message::Done(Produced {
                bytes,
                text_bytes,
                counts,
                redacted,
            }) => [
                5,
                bytes,
                text_bytes,
                counts.nodes,
                counts.edges,
                redacted.strings,
                redacted.blanked,
                redacted.blanked_units,
                redacted.weak_pairs,
                redacted.keys,
                redacted.indexes,
                redacted.kept,
            ],
        }
    }

    fn from_words(words: [u64; WORDS]) -> Option<Message> {
        let [kind, a, b, c, d, rest @ ..] = words;
        Some(match kind {
            1 => Message::Started { confined: a != 0 },
            2 => Message::Progress {
                phase: match a {
                    1 => Phase::Walk,
                    2 => Phase::Write,
                    _ => Phase::Start,
                },
                done: b,
                total: c,
            },
            3 => Message::WalkFailed,
            4 => Message::OutputFailed {
                errno: i32::try_from(a).unwrap_or(0),
            },
            5 => {
                let [strings, blanked, blanked_units, weak_pairs, keys, indexes, kept] = rest;
                Message::Done(Produced {
                    bytes: a,
                    text_bytes: b,
                    counts: SnapshotCounts { nodes: c, edges: d },
                    redacted: RedactReport {
                        strings,
                        blanked,
                        blanked_units,
                        weak_pairs,
                        keys,
                        indexes,
                        kept,
                    },
                })
            }
            6 => Message::NotSeparated {
                errno: i32::try_from(a).unwrap_or(0),
            },
            _ => return None,
        })
    }

    /// Sends it, in one system call.
    pub fn send(self, mut control: impl Write) -> io::Result<()> {
        let mut bytes = [0; BYTES];
        for (at, word) in self.to_words().into_iter().enumerate() {
            bytes[at * 8..at * 8 + 8].copy_from_slice(&word.to_ne_bytes());
        }
        control.write_all(&bytes)
    }

    /// Receives the next; `None` when the child has gone.
    pub fn receive(mut control: impl Read) -> Option<Message> {
        let mut bytes = [0; BYTES];
        control.read_exact(&mut bytes).ok()?;
        let mut words = [0; WORDS];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = u64::from_ne_bytes(chunk.try_into().ok()?);
        }
        Message::from_words(words)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_message_comes_back_as_it_was_sent() {
        let produced = Produced {
            bytes: 1,
            text_bytes: 2,
            counts: SnapshotCounts { nodes: 3, edges: 4 },
            redacted: RedactReport {
                strings: 5,
                blanked: 6,
                blanked_units: 7,
                weak_pairs: 8,
                keys: 9,
                indexes: 10,
                kept: 11,
            },
        };
        let progress = |phase| Message::Progress {
            phase,
            done: 7,
            total: u64::MAX,
        };
        for message in [
            Message::Started { confined: true },
            Message::Started { confined: false },
            progress(Phase::Start),
            progress(Phase::Walk),
            progress(Phase::Write),
            Message::WalkFailed,
            Message::OutputFailed { errno: 28 },
            Message::NotSeparated { errno: 24 },
            Message::Done(produced),
        ] {
            let mut pipe = Vec::new();
            message.send(&mut pipe).unwrap();
            assert_eq!(Message::receive(pipe.as_slice()), Some(message));
        }
        assert_eq!(Message::receive([0; 95].as_slice()), None);
    }
}
