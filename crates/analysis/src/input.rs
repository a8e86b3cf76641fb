//! Where a text comes from: a file, or memory.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::Buffer;

use rs_profiler_core::format::compressed;

use crate::error::{Error, Result};
use crate::task::State;

/// A text that can be read more than once.
#[derive(Clone)]
pub struct Input {
    path: Option<PathBuf>,
    text: Arc<[u8]>,
    state: Arc<State>,
}

impl Input {
    pub fn new(path: Option<String>, text: Option<Buffer>, state: &Arc<State>) -> Self {
        Input {
            path: path.map(PathBuf::from),
            // Copied: JavaScript may change its own while another thread reads.
            text: text.map_or_else(|| Arc::from([]), |text| Arc::from(&text[..])),
            state: Arc::clone(state),
        }
    }

    /// Length in bytes, as it lies there; 0 where that is unknown.
    fn length(&self) -> u64 {
        match &self.path {
            Some(path) => std::fs::metadata(path).map_or(0, |found| found.len()),
            None => self.text.len() as u64,
        }
    }

    /// Reads from the beginning, as often as it is called. `read` also learns the length, 0 where it is unknown.
    pub fn read<T>(
        &self,
        read: impl FnOnce(Box<dyn Read + Send + '_>, u64) -> rs_profiler_core::Result<T>,
    ) -> Result<T> {
        let length = self.length();
        let state = Arc::clone(&self.state);
        let result = match &self.path {
            Some(path) => {
                let stream = File::open(path).map_err(|error| Error::io("open", path, error))?;
                read(Box::new(Cancellable { stream, state }), length)
            }
            None => {
                let stream = &self.text[..];
                read(Box::new(Cancellable { stream, state }), length)
            }
        };
        result.map_err(|error| self.error_of(error))
    }

    /// Reads a profile, which may be compressed, and counts its bytes. A second reader, where the first did not understand it,
    /// takes the count no further back.
    pub fn read_profile<T>(
        &self,
        read: impl FnOnce(compressed::Decoder<Counted<Box<dyn Read + Send + '_>>>) -> rs_profiler_core::Result<T>,
    ) -> Result<T> {
        self.read(|source, length| {
            self.state.set_total(length);
            let plain = compressed::open(Counted::new(source, &self.state));
            read(plain.map_err(|source| rs_profiler_core::Error::Input { offset: 0, source })?)
        })
    }

    fn error_of(&self, error: rs_profiler_core::Error) -> Error {
        use rs_profiler_core::Error as Core;
        match (error, &self.path) {
            (Core::Input { source, .. } | Core::Source { source, .. }, Some(path))
                if source.raw_os_error().is_some() =>
            {
                Error::io("read", path, source)
            }
            (error, _) => error_of(error, &self.state),
        }
    }
}

/// What went wrong in the core, in the addon's words.
pub fn error_of(error: rs_profiler_core::Error, state: &State) -> Error {
    use rs_profiler_core::Error as Core;
    let message = error.to_string();
    match error {
        _ if state.is_cancelled() => Error::Aborted,
        Core::SnapshotCut { section, offset } => Error::Truncated {
            message,
            section: section.to_string(),
            offset,
        },
        Core::Snapshot { .. } | Core::SnapshotHeader { .. } | Core::Source { .. } | Core::Redact { .. } => {
            Error::Snapshot(message)
        }
        Core::KeepPattern { .. } => Error::InvalidArgument(message),
        _ => Error::Profile(message),
    }
}

/// A stream that fails when it was cancelled.
pub struct Cancellable<S> {
    pub stream: S,
    pub state: Arc<State>,
}

impl<S> Cancellable<S> {
    fn check(&self) -> io::Result<()> {
        match self.state.is_cancelled() {
            // Not `Interrupted`: readers and writers would try again for ever.
            true => Err(io::ErrorKind::ConnectionAborted.into()),
            false => Ok(()),
        }
    }
}

impl<S: Read> Read for Cancellable<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        self.stream.read(buffer)
    }
}

impl<S: Write> Write for Cancellable<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A stream whose bytes are the progress of the phase.
pub struct Counted<S> {
    stream: S,
    state: Arc<State>,
    bytes: u64,
}

impl<S> Counted<S> {
    pub fn new(stream: S, state: &Arc<State>) -> Self {
        Counted {
            stream,
            state: Arc::clone(state),
            bytes: 0,
        }
    }

    fn count(&mut self, more: usize) {
        self.bytes += more as u64;
        self.state.reach(self.bytes);
    }
}

impl<S: Read> Read for Counted<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        self.count(length);
        Ok(length)
    }
}

impl<S: Write> Write for Counted<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.stream.write(bytes)?;
        self.count(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}
