//! The thread that makes a text of what children write to pipes: it reads as fast as the text is taken, and a child whose pipe is
//! full waits.
//!
//! Why a thread of its own: a reader in JavaScript may pause for minutes, and the child is looked after meanwhile.

use std::fs::File;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::Arc;

use super::message::Written;
use super::ready::is_ready;
use crate::error::{Error, Result};
use crate::sink::Counts;

/// As much as a pipe holds.
const CHUNK: usize = 64 << 10;
/// Between two looks at what the supervisor says, while a pipe is empty.
const TICK_MS: libc::c_int = 20;

/// The end of a pipe that a child writes to.
#[derive(Clone)]
pub(super) struct Pipe {
    read: Arc<File>,
    claimed: Arc<AtomicBool>,
}

/// What the supervisor hands over.
pub(super) enum Handed {
    /// A child begins to write.
    Pipe(Pipe),
    /// It has ended, and well.
    Written(Written),
}

impl Pipe {
    pub(super) fn new(read: File) -> Pipe {
        Pipe {
            read: Arc::new(read),
            claimed: Arc::default(),
        }
    }

    /// Decides what its content is, once: the text, if the reader comes first, or nothing, because another child begins anew. Says
    /// whether the caller is the first.
    pub(super) fn claim(&self) -> bool {
        !self.claimed.swap(true, Ordering::SeqCst)
    }

    /// Copies what is in it. Says whether there will be no more; else there was nothing for a while.
    fn drain(&self, taken: &mut u64, out: &mut dyn Write) -> Result<bool> {
        let mut buffer = vec![0; CHUNK];
        while is_ready(&self.read, libc::POLLIN, TICK_MS).map_err(unreadable)? {
            let length = self.read.as_ref().read(&mut buffer).map_err(unreadable)?;
            if length == 0 || (*taken == 0 && !self.claim()) {
                return Ok(true);
            }
            // Not the cause: `out` leads to a reader who has gone.
            out.write_all(&buffer[..length]).map_err(|_| Error::Aborted)?;
            *taken += length as u64;
        }
        Ok(false)
    }
}

/// Writes the text of the first child that comes to write one, and returns when it is whole.
pub(super) fn relay(handed: &Receiver<Handed>, out: &mut dyn Write) -> Result<Counts> {
    let mut taken = 0;
    let mut pipe: Option<Pipe> = None;
    loop {
        let closed = match &pipe {
            Some(pipe) => pipe.drain(&mut taken, out)?,
            None => true,
        };
        // The pipe may stay open behind its child: another process has it, if somebody forks without exec.
        let said = if closed {
            handed.recv().ok()
        } else {
            match handed.try_recv() {
                Err(TryRecvError::Empty) => continue,
                said => said.ok(),
            }
        };
        match said {
            Some(Handed::Pipe(next)) => pipe = Some(next),
            Some(Handed::Written(written)) => {
                if let (Some(pipe), false) = (&pipe, closed) {
                    pipe.drain(&mut taken, out)?;
                }
                return counted(written, taken);
            }
            // What happened is the supervisor's to tell.
            None => return Err(Error::Aborted),
        }
    }
}

fn counted(written: Written, taken: u64) -> Result<Counts> {
    let Written {
        bytes, nodes, edges, ..
    } = written;
    if bytes != taken {
        return Err(failed(format!("{taken} bytes came of {bytes}")));
    }
    Ok(Counts {
        nodes: Some(nodes),
        edges: Some(edges),
        samples: None,
    })
}

fn failed(reason: String) -> Error {
    Error::ForkFailed { phase: "write", reason }
}

fn unreadable(error: std::io::Error) -> Error {
    failed(format!("reading what the child writes failed: {error}"))
}

#[allow(clippy::unwrap_used)]
#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;
    use std::sync::mpsc::channel;

    use super::*;

    fn written_pipe(text: &[u8]) -> (Pipe, File) {
        let (read, write) = std::io::pipe().unwrap();
        let mut write = File::from(OwnedFd::from(write));
        write.write_all(text).unwrap();
        (Pipe::new(OwnedFd::from(read).into()), write)
    }

    fn relayed(said: impl IntoIterator<Item = Handed>) -> (Result<Counts>, Vec<u8>) {
        let (to, handed) = channel();
        for one in said {
            to.send(one).unwrap();
        }
        drop(to);
        let mut text = Vec::new();
        (relay(&handed, &mut text), text)
    }

    const fn written(bytes: u64) -> Handed {
        let (nodes, edges, private_dirty) = (1, 2, 0);
        Handed::Written(Written {
            bytes,
            nodes,
            edges,
            private_dirty,
        })
    }

    #[test]
    fn what_one_child_wrote_is_the_text_when_it_is_as_long_as_the_child_says() {
        let (pipe, write) = written_pipe(b"{}");
        drop(write);
        let (counts, text) = relayed([Handed::Pipe(pipe), written(2)]);
        assert_eq!((counts.unwrap().edges, text.as_slice()), (Some(2), b"{}".as_slice()));

        let (pipe, write) = written_pipe(b"{");
        drop(write);
        let (counts, _) = relayed([Handed::Pipe(pipe), written(2)]);
        assert!(matches!(counts, Err(Error::ForkFailed { phase: "write", .. })));
    }

    #[test]
    fn one_that_did_not_come_to_its_end_is_told_by_the_supervisor() {
        let (pipe, write) = written_pipe(b"{");
        drop(write);
        assert!(matches!(relayed([Handed::Pipe(pipe)]).0, Err(Error::Aborted)));
        assert!(matches!(relayed([]).0, Err(Error::Aborted)));
    }

    #[test]
    fn what_was_claimed_for_another_child_is_not_taken() {
        let (dead, write) = written_pipe(b"{");
        drop(write);
        assert!(dead.claim() && !dead.claim());
        let (pipe, write) = written_pipe(b"{}");
        drop(write);
        let (counts, text) = relayed([Handed::Pipe(dead), Handed::Pipe(pipe), written(2)]);
        assert_eq!((counts.is_ok(), text.as_slice()), (true, b"{}".as_slice()));
    }

    #[test]
    fn a_pipe_that_somebody_else_keeps_open_does_not_hold_the_text() {
        let (pipe, _kept) = written_pipe(b"{}");
        let (counts, text) = relayed([Handed::Pipe(pipe), written(2)]);
        assert_eq!((counts.is_ok(), text.as_slice()), (true, b"{}".as_slice()));
    }
}
