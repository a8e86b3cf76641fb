//! Where children write: a file that gets its name at the end, or a pipe for each of them, which a stream is made of.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::mpsc::{channel, Sender};

use super::message::Written;
use super::relay::{relay, Handed, Pipe};
use crate::error::{Error, Result};
use crate::sink::{Produce, Target};

pub(super) enum Output {
    File(Target),
    Stream {
        to: Sender<Handed>,
        /// What the child of the moment writes to, as it is read.
        pipe: Option<Pipe>,
    },
}

impl Output {
    /// The output, and what makes a text of it, on a thread of its own.
    pub(super) fn stream() -> (Output, Produce) {
        let (to, handed) = channel();
        let produce = move |out: &mut dyn io::Write| relay(&handed, out);
        (Output::Stream { to, pipe: None }, Box::new(produce))
    }

    pub(super) const fn is_stream(&self) -> bool {
        matches!(self, Output::Stream { .. })
    }

    /// For the next child.
    pub(super) fn lend(&mut self) -> Result<File> {
        match self {
            Output::File(target) => target.lend(),
            Output::Stream { pipe, .. } => {
                let (read, write) = made_pipe().map_err(|error| Error::ForkFailed {
                    phase: "fork",
                    reason: format!("making a pipe failed: {error}"),
                })?;
                pipe.replace(Pipe::new(read));
                Ok(write)
            }
        }
    }

    /// The child begins to write.
    pub(super) fn begin(&mut self) {
        match self {
            Output::File(target) => target.set_begun(),
            Output::Stream { to, pipe } => {
                if let Some(pipe) = pipe {
                    // Who is gone reads nothing; the capture is given up soon.
                    let _ = to.send(Handed::Pipe(pipe.clone()));
                }
            }
        }
    }

    /// Whether another child may write, from the beginning. Nothing of the last one's is taken any more then.
    pub(super) fn may_begin_anew(&self) -> bool {
        match self {
            Output::File(_) | Output::Stream { pipe: None, .. } => true,
            Output::Stream { pipe: Some(pipe), .. } => pipe.claim(),
        }
    }

    /// A child has written all.
    pub(super) fn complete(self, written: Written) -> Result<()> {
        match self {
            Output::File(target) => target.complete(written.bytes),
            Output::Stream { to, .. } => to.send(Handed::Written(written)).map_err(|_| Error::Aborted),
        }
    }

    /// What a child says of a write that failed.
    pub(super) fn write_error(&self, error: io::Error) -> Error {
        match self {
            Output::File(target) => target.write_error(error),
            Output::Stream { .. } if error.kind() == io::ErrorKind::BrokenPipe => Error::Aborted,
            Output::Stream { .. } => Error::ForkFailed {
                phase: "write",
                reason: format!("the child could not write to the pipe: {error}"),
            },
        }
    }
}

/// A pipe. Who writes to it is not held when it is full.
fn made_pipe() -> io::Result<(File, File)> {
    let (read, write) = io::pipe()?;
    // SAFETY: sets a flag of the end that was just made.
    if unsafe { libc::fcntl(write.as_raw_fd(), libc::F_SETFL, libc::O_WRONLY | libc::O_NONBLOCK) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok((OwnedFd::from(read).into(), OwnedFd::from(write).into()))
}
