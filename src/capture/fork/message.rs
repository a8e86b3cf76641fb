//! What the child tells its parent, through a pipe: records of 40 bytes, which Linux writes whole or not at all.

use std::io::{self, Read, Write};

/// Where the child is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Forked, not yet walking the heap.
    Start,
    /// V8 walks the heap; in objects.
    Walk,
    /// The text is produced; in bytes of it.
    Write,
}

impl Stage {
    /// As `onProgress` and errors call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Stage::Start => "start",
            Stage::Walk => "walk",
            Stage::Write => "write",
        }
    }
}

/// What was written, and what it took.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub bytes: u64,
    pub nodes: u64,
    pub edges: u64,
    /// Memory that the child had to itself at its end, in bytes; 0 when it is not known.
    pub private_dirty: u64,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// It could not be separated from the service, and so does nothing; the error number of the system, or 0.
    NotSeparated { errno: i32 },
    /// `total` is 0 where it is not known.
    Progress { stage: Stage, done: u64, total: u64 },
    /// V8 gave up the walk.
    WalkFailed,
    /// The output refused; the error number of the system, or 0 when the text did not come to its end.
    OutputFailed { errno: i32 },
    /// All is written.
    Done(Written),
}

const WORDS: usize = 5;
const BYTES: usize = WORDS * 8;

impl Message {
    fn to_words(self) -> [u64; WORDS] {
        let number = |errno: i32| u64::from(errno.unsigned_abs());
        match self {
            Message::NotSeparated { errno } => [1, number(errno), 0, 0, 0],
            Message::Progress { stage, done, total } => match stage {
                Stage::Start => [2, done, total, 0, 0],
                Stage::Walk => [2, done, total, 1, 0],
                Stage::Write => [2, done, total, 2, 0],
            },
            Message::WalkFailed => [3, 0, 0, 0, 0],
            Message::OutputFailed { errno } => [4, number(errno), 0, 0, 0],
            Message::Done(Written {
                bytes,
                nodes,
                edges,
                private_dirty,
            }) => [5, bytes, nodes, edges, private_dirty],
        }
    }

    fn from_words([kind, a, b, c, d]: [u64; WORDS]) -> Option<Message> {
        let errno = i32::try_from(a).unwrap_or(0);
        let stage = match c {
            1 => Stage::Walk,
            2 => Stage::Write,
            _ => Stage::Start,
        };
        Some(match kind {
            1 => Message::NotSeparated { errno },
            2 => Message::Progress {
                stage,
                done: a,
                total: b,
            },
            3 => Message::WalkFailed,
            4 => Message::OutputFailed { errno },
            5 => Message::Done(Written {
                bytes: a,
                nodes: b,
                edges: c,
                private_dirty: d,
            }),
            _ => return None,
        })
    }

    /// Sends it, in one system call.
    pub(super) fn send(self, mut control: impl Write) -> io::Result<()> {
        let mut bytes = [0; BYTES];
        for (place, word) in bytes.chunks_exact_mut(8).zip(self.to_words()) {
            place.copy_from_slice(&word.to_ne_bytes());
        }
        control.write_all(&bytes)
    }

    /// Receives the next; `None` when the child has gone.
    pub(super) fn receive(mut control: impl Read) -> Option<Message> {
        let mut bytes = [0; BYTES];
        control.read_exact(&mut bytes).ok()?;
        let mut words = [0; WORDS];
        for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = u64::from_ne_bytes(chunk.try_into().ok()?);
        }
        Message::from_words(words)
    }
}

#[allow(clippy::unwrap_used)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_comes_back_as_it_was_sent() {
        let progress = |stage| Message::Progress {
            stage,
            done: 7,
            total: u64::MAX,
        };
        for message in [
            Message::NotSeparated { errno: 24 },
            progress(Stage::Start),
            progress(Stage::Walk),
            progress(Stage::Write),
            Message::WalkFailed,
            Message::OutputFailed { errno: 28 },
            Message::Done(Written {
                bytes: 1,
                nodes: 2,
                edges: 3,
                private_dirty: 4,
            }),
        ] {
            let mut pipe = Vec::new();
            message.send(&mut pipe).unwrap();
            assert_eq!(Message::receive(pipe.as_slice()), Some(message));
        }
        assert_eq!(Message::receive([0; BYTES - 1].as_slice()), None);
        assert_eq!(Message::receive([0; BYTES].as_slice()), None);
    }
}
