//! From the text of a heap snapshot, as V8 writes it, to the bytes of a file or stream: redacted, marked, checked, compressed
//! and counted, in this order.
//!
//! It runs where the text is made: on a Rust thread, or in a forked child.

use std::io::{self, Write};

use rs_profiler_core::format::heapsnapshot_redact::{Keep, KeySalt, RedactOptions, RedactReport, Redactor};
use rs_profiler_core::format::{HeapSnapshotHeader, HeapSnapshotTail, SnapshotCounts};

use super::compress::{Compression, Compressor};
use super::patterns::Engine;
use crate::error::{Error, Result};

/// What is to be done with the text.
#[derive(Debug, Clone, Default)]
pub struct PipelineOptions {
    /// JSON of the object that is added to the header as `rs_profiler`.
    pub mark: Option<String>,
    pub compression: Compression,
    pub redact: Option<RedactRequest>,
}

/// What is to be hidden, as it was asked for.
#[derive(Debug, Clone, Default)]
pub struct RedactRequest {
    /// The salt of the hashes that keys become; without, keys stay.
    pub salt: Option<KeySalt>,
    /// What stays.
    pub keep: Vec<Pattern>,
}

/// A regular expression, and what compiles it.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub engine: Engine,
    pub source: String,
    pub flags: String,
}

impl Pattern {
    /// Fails when it cannot be used.
    pub fn compile(&self) -> Result<Box<dyn Keep>> {
        let refused = || {
            Error::InvalidArgument(format!(
                "/{}/{} cannot be used in redact.keep.",
                self.source, self.flags
            ))
        };
        self.engine.compile(&self.source, &self.flags).ok_or_else(refused)
    }
}

impl RedactRequest {
    fn options(&self) -> Result<RedactOptions> {
        Ok(RedactOptions {
            keys: self.salt,
            keep: self.keep.iter().map(Pattern::compile).collect::<Result<_>>()?,
        })
    }
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Produced {
    /// Bytes of the output.
    pub bytes: u64,
    /// Bytes of the text, before compression.
    pub text_bytes: u64,
    /// What the header says.
    pub counts: SnapshotCounts,
    /// What was hidden; all 0 where nothing should be.
    pub redacted: RedactReport,
}

/// The way of a text. [`Pipeline::finish`] completes it.
pub struct Pipeline<W: Write>(Way<W>);

enum Way<W: Write> {
    Plain(Checked<W>),
    Redacted(Box<Redactor<Checked<W>>>),
}

impl<W: Write> Pipeline<W> {
    pub fn new(output: W, options: PipelineOptions) -> io::Result<Pipeline<W>> {
        let checked = Checked {
            mark: options.mark.map(|mark| format!("\"rs_profiler\":{mark},").into_bytes()),
            header: HeapSnapshotHeader::default(),
            tail: HeapSnapshotTail::default(),
            text_bytes: 0,
            output: Compressor::new(Counted { output, bytes: 0 }, options.compression)?,
        };
        Ok(Pipeline(match options.redact {
            None => Way::Plain(checked),
            Some(request) => {
                let options = request.options().map_err(io::Error::other)?;
                Way::Redacted(Box::new(Redactor::new(checked, options)))
            }
        }))
    }

    /// Checks that the text was complete, and that all of it is with the output.
    pub fn finish(self) -> io::Result<Produced> {
        match self.0 {
            Way::Plain(checked) => checked.finish(RedactReport::default()),
            Way::Redacted(redactor) => {
                let (checked, report) = redactor.finish()?;
                checked.finish(report)
            }
        }
    }
}

impl<W: Write> Write for Pipeline<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Way::Plain(checked) => checked.write(data),
            Way::Redacted(redactor) => redactor.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Way::Plain(checked) => checked.flush(),
            Way::Redacted(redactor) => redactor.flush(),
        }
    }
}

/// How V8 begins.
const OPENING: &[u8] = b"{\"snapshot\":{";

/// Adds the mark, and sees whether the text is whole.
struct Checked<W: Write> {
    mark: Option<Vec<u8>>,
    header: HeapSnapshotHeader,
    tail: HeapSnapshotTail,
    text_bytes: u64,
    output: Compressor<Counted<W>>,
}

impl<W: Write> Checked<W> {
    fn pass(&mut self, data: &[u8]) -> io::Result<()> {
        if self.header.counts().is_none() {
            self.header.feed(data).map_err(io::Error::other)?;
        }
        self.tail.feed(data);
        self.text_bytes += data.len() as u64;
        self.output.write_all(data)
    }

    fn finish(self, redacted: RedactReport) -> io::Result<Produced> {
        let Some(counts) = self.header.counts().filter(|_| self.tail.ends_with_brace()) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let mut output = self.output.finish()?;
        output.flush()?;
        Ok(Produced {
            bytes: output.bytes,
            text_bytes: self.text_bytes,
            counts,
            redacted,
        })
    }
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self.mark.take() {
            // The first piece, of V8 as of the redactor, is never shorter than that.
            Some(mark) if data.starts_with(OPENING) => {
                self.pass(OPENING)?;
                self.pass(&mark)?;
                self.pass(&data[OPENING.len()..])?;
            }
            Some(_) => return Err(io::ErrorKind::InvalidData.into()),
            None => self.pass(data)?,
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

struct Counted<W> {
    output: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.output.write(data)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &[u8] = br#"{"snapshot":{"meta":{"a":[]},"node_count":3,"edge_count":4},"strings":["x"]}"#;

    fn run(mark: Option<&str>, pieces: &[&[u8]]) -> (io::Result<Produced>, Vec<u8>) {
        let mark = mark.map(str::to_string);
        run_with(
            PipelineOptions {
                mark,
                ..PipelineOptions::default()
            },
            pieces,
        )
    }

    fn run_with(options: PipelineOptions, pieces: &[&[u8]]) -> (io::Result<Produced>, Vec<u8>) {
        let mut output = Vec::new();
        let mut pipeline = Pipeline::new(&mut output, options).unwrap();
        for piece in pieces {
            pipeline.write_all(piece).unwrap();
        }
        (pipeline.finish(), output)
    }

    #[test]
    fn a_text_passes_as_it_is_and_is_counted() {
        let (produced, output) = run(None, &[&TEXT[..20], &TEXT[20..]]);
        let produced = produced.unwrap();
        assert_eq!(output, TEXT);
        assert_eq!(produced.counts, SnapshotCounts { nodes: 3, edges: 4 });
        assert_eq!((produced.bytes, produced.text_bytes), (76, 76));
    }

    #[test]
    fn a_mark_stands_in_the_header() {
        let (produced, output) = run(Some(r#"{"pid":7}"#), &[TEXT]);
        produced.unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output).unwrap();
        assert_eq!(value["snapshot"]["rs_profiler"]["pid"], 7);
        assert_eq!(value["snapshot"]["node_count"], 3);
    }

    #[test]
    fn a_compressed_text_counts_both_ways() {
        let options = PipelineOptions {
            compression: Compression::Gzip(1),
            ..PipelineOptions::default()
        };
        let (produced, output) = run_with(options, &[TEXT]);
        let produced = produced.unwrap();
        assert_eq!(produced.bytes, output.len() as u64);
        assert_eq!(produced.text_bytes, TEXT.len() as u64);
        let mut text = String::new();
        io::Read::read_to_string(&mut flate2::read::GzDecoder::new(output.as_slice()), &mut text).unwrap();
        assert_eq!(text.as_bytes(), TEXT);
    }

    #[test]
    fn a_text_that_is_cut_off_is_no_success() {
        assert!(run(None, &[&TEXT[..70]]).0.is_err());
        assert!(run(None, &[]).0.is_err());
    }
}
