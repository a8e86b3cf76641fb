//! Reading files that may be compressed: gzip and zstd are recognised by their first bytes, whatever the file is called.
//!
//! Why it exists: snapshots are written as `.gz` and `.zst`, and every reader takes these directly. Several gzip members
//! or zstd frames in a row are one text. It may not guess: bytes that are neither are passed on as they are.

mod zstd;

use std::io::{self, Chain, Cursor, Read};

use flate2::read::MultiGzDecoder;

/// Bytes that tell the format.
const MAGIC_LENGTH: usize = 4;

/// How a text is compressed.
///
/// ```
/// use rs_profiler_core::format::compressed::Compression;
/// assert_eq!(Compression::of(&[0x1f, 0x8b, 8, 0]), Compression::Gzip);
/// assert_eq!(Compression::of(&[0x28, 0xb5, 0x2f, 0xfd]), Compression::Zstd);
/// assert_eq!(Compression::of(b"{\"sn"), Compression::None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Compression {
    /// The format that begins with these bytes; four are enough to tell.
    ///
    /// ```
    /// # use rs_profiler_core::format::compressed::Compression;
    /// assert_eq!(Compression::of(b""), Compression::None);
    /// ```
    pub fn of(start: &[u8]) -> Compression {
        match start {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            // A frame, or a skippable frame before it.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }
}

type Whole<R> = Chain<Cursor<Vec<u8>>, R>;

/// The plain text of a reader. Made by [`open`].
pub struct Decoder<R: Read>(Kind<R>);

enum Kind<R: Read> {
    None(Whole<R>),
    Gzip(Box<MultiGzDecoder<Whole<R>>>),
    Zstd(Box<zstd::Frames<Whole<R>>>),
}

/// Reads the first bytes of `reader` and returns a reader of its plain text.
///
/// A text that is cut off ends with [`io::ErrorKind::UnexpectedEof`]. The decoder has buffers of its own (32 KiB, and for
/// zstd the window of the file, at most 128 MiB); a text that is not compressed is passed through without one.
///
/// # Errors
///
/// Those of `reader`.
///
/// ```
/// use std::io::Read;
/// let mut text = String::new();
/// rs_profiler_core::format::compressed::open(&b"{}"[..])?.read_to_string(&mut text)?;
/// assert_eq!(text, "{}");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn open<R: Read>(mut reader: R) -> io::Result<Decoder<R>> {
    let mut start = Vec::with_capacity(MAGIC_LENGTH);
    reader.by_ref().take(MAGIC_LENGTH as u64).read_to_end(&mut start)?;
    let compression = Compression::of(&start);
    let whole = Cursor::new(start).chain(reader);
    Ok(Decoder(match compression {
        Compression::None => Kind::None(whole),
        Compression::Gzip => Kind::Gzip(Box::new(MultiGzDecoder::new(whole))),
        Compression::Zstd => Kind::Zstd(Box::new(zstd::Frames::new(whole))),
    }))
}

impl<R: Read> Decoder<R> {
    /// How the text is compressed.
    ///
    /// ```
    /// use rs_profiler_core::format::compressed::{open, Compression};
    /// assert_eq!(open(&b"{}"[..])?.compression(), Compression::None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn compression(&self) -> Compression {
        match &self.0 {
            Kind::None(_) => Compression::None,
            Kind::Gzip(_) => Compression::Gzip,
            Kind::Zstd(_) => Compression::Zstd,
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::None(reader) => reader.read(buffer),
            Kind::Gzip(reader) => reader.read(buffer),
            Kind::Zstd(reader) => reader.read(buffer),
        }
    }
}
