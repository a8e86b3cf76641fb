//! The writer: bytes in, redacted bytes out, and nothing after an error.

use std::io::{self, Write};

use super::body::Body;
use super::options::{RedactOptions, RedactReport};

/// Redacted bytes that are collected before the sink gets them.
const CHUNK: usize = 65_536;

/// A [`Write`] that takes the text of a heap snapshot, in pieces of any size, and passes it on redacted.
///
/// Memory: three bits per string, some 200 KiB of buffers, and what a pattern needs. The rules are those of the
/// [module](super).
///
/// ```
/// use std::io::Write;
/// use rs_profiler_core::format::heapsnapshot_redact::{RedactOptions, Redactor};
///
/// let text = br#"{"snapshot":{"meta":{"node_fields":["type","name"],"node_types":[["string"],"string"],
///     "edge_fields":["type","name_or_index"],"edge_types":[["property"],"string_or_number"]},
///     "node_count":1,"edge_count":1},"nodes":[0,1],"edges":[0,2],"strings":["<dummy>","hunter2","password"]}"#;
/// let mut redactor = Redactor::new(Vec::new(), RedactOptions::default());
/// redactor.write_all(text)?;
/// let (redacted, report) = redactor.finish()?;
/// assert!(redacted.ends_with(br#""strings":["<dummy>","******1","password"]}"#));
/// assert_eq!(report.blanked, 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Redactor<W: Write> {
    sink: W,
    body: Body,
    out: Vec<u8>,
    failed: bool,
}

impl<W: Write> Redactor<W> {
    /// Redacts what is written, into `sink`.
    ///
    /// ```
    /// # use rs_profiler_core::format::heapsnapshot_redact::{RedactOptions, Redactor};
    /// let redactor = Redactor::new(std::io::sink(), RedactOptions::default());
    /// assert!(redactor.finish().is_err(), "an empty text is no snapshot");
    /// ```
    pub fn new(sink: W, options: RedactOptions) -> Redactor<W> {
        Redactor {
            sink,
            body: Body::new(options),
            out: Vec::with_capacity(CHUNK * 2),
            failed: false,
        }
    }

    /// Passes on what is left and gives the sink back.
    ///
    /// # Errors
    ///
    /// Of the sink; [`crate::Error::Redact`] within an [`io::Error`] of kind `InvalidData` when the snapshot did not come to its
    /// end, or an earlier write failed.
    ///
    /// ```
    /// # use rs_profiler_core::format::heapsnapshot_redact::{RedactOptions, Redactor};
    /// let error = Redactor::new(Vec::new(), RedactOptions::default()).finish().unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    /// ```
    pub fn finish(mut self) -> io::Result<(W, RedactReport)> {
        if self.failed {
            return Err(self.body.refusal("an earlier error stopped the redaction"));
        }
        if !self.body.is_complete() {
            return Err(self.body.refusal("the text ends before the snapshot does"));
        }
        self.sink.write_all(&self.out)?;
        Ok((self.sink, self.body.report()))
    }

    /// Takes all bytes, or fails for good.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        // In pieces, so that the buffer stays small whatever comes at once.
        for piece in bytes.chunks(CHUNK) {
            self.body.feed(piece, &mut self.out)?;
            if self.out.len() >= CHUNK {
                self.sink.write_all(&self.out)?;
                self.out.clear();
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Redactor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed {
            return Err(self.body.refusal("an earlier error stopped the redaction"));
        }
        // Until it is known to be well: a sink that panics leaves no half buffer to write again.
        self.failed = true;
        self.take(bytes)?;
        self.failed = false;
        Ok(bytes.len())
    }

    /// Flushes the sink. Bytes that wait for the rest of their string or number stay here.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}
