//! Compression of a text on its way to a file or a pipe.
//!
//! Why it exists: the text of a snapshot is five to fourteen times as long as it need be. It uses neither threads nor a
//! runtime, so it works on a thread of the parent and in a forked child alike. It may not decide where bytes go.

use std::io::{self, Write};

use flate2::write::GzEncoder;

/// How to compress. The level is part of it, since each format has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// RFC 1952, level 1 to 9.
    Gzip(u32),
    /// RFC 8878, level 1 to 19. Higher ones need windows that readers refuse by default.
    Zstd(i32),
}

impl Compression {
    /// The level of gzip unless asked otherwise. On the text of snapshots it is three tenths smaller than level 1 and, at
    /// some 200 MB/s, still faster than V8 writes; level 3 gains a tenth, and from 4 on nothing but time is spent.
    pub const GZIP_LEVEL: u32 = 2;
    /// The level of zstd unless asked otherwise. On the text of snapshots it is twice as fast as level 3, zstd's own
    /// default, and a quarter smaller; level 6 is no smaller either.
    pub const ZSTD_LEVEL: i32 = 1;

    /// Reads the option: a name, and a level or the default. `None` for what does not exist.
    pub fn from_option(name: &str, level: Option<u32>) -> Option<Compression> {
        match (name, level) {
            ("none", None) => Some(Compression::None),
            ("gzip", None) => Some(Compression::Gzip(Compression::GZIP_LEVEL)),
            ("gzip", Some(level @ 1..=9)) => Some(Compression::Gzip(level)),
            ("zstd", None) => Some(Compression::Zstd(Compression::ZSTD_LEVEL)),
            ("zstd", Some(level @ 1..=19)) => Some(Compression::Zstd(level as i32)),
            _ => None,
        }
    }

    /// What the name of a file ends with, after the ending of its format.
    pub fn extension(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip(_) => ".gz",
            Compression::Zstd(_) => ".zst",
        }
    }
}

/// A [`Write`] that compresses what it gets and passes it on. Without [`Compressor::finish`] the result is not complete.
pub struct Compressor<W: Write>(Kind<W>);

enum Kind<W: Write> {
    None(W),
    Gzip(Box<GzEncoder<W>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, W>>),
}

impl<W: Write> Compressor<W> {
    /// Compresses into `sink`. Fails when zstd gets no memory (some MB), or refuses the level.
    pub fn new(sink: W, compression: Compression) -> io::Result<Compressor<W>> {
        Ok(Compressor(match compression {
            Compression::None => Kind::None(sink),
            Compression::Gzip(level) => Kind::Gzip(Box::new(GzEncoder::new(sink, flate2::Compression::new(level)))),
            Compression::Zstd(level) => {
                let mut encoder = zstd::stream::write::Encoder::new(sink, level)?;
                // Damage shows: without it a reader takes changed bytes for good. gzip has this always.
                encoder.include_checksum(true)?;
                Kind::Zstd(Box::new(encoder))
            }
        }))
    }

    /// Writes what is left and the end of the format, and gives the sink back.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Kind::None(sink) => Ok(sink),
            Kind::Gzip(encoder) => encoder.finish(),
            Kind::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::None(sink) => sink.write(bytes),
            Kind::Gzip(encoder) => encoder.write(bytes),
            Kind::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::None(sink) => sink.flush(),
            Kind::Gzip(encoder) => encoder.flush(),
            Kind::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rs_profiler_core::format::compressed;
    use std::io::Read;

    const ALL: [Compression; 5] = [
        Compression::None,
        Compression::Gzip(1),
        Compression::Gzip(9),
        Compression::Zstd(1),
        Compression::Zstd(19),
    ];

    fn text() -> Vec<u8> {
        (0..60_000u32)
            .flat_map(|number| format!("{},", number % 977).into_bytes())
            .collect()
    }

    fn compressed(text: &[u8], compression: Compression) -> Vec<u8> {
        let mut compressor = Compressor::new(Vec::new(), compression).unwrap();
        text.chunks(777).for_each(|chunk| compressor.write_all(chunk).unwrap());
        compressor.finish().unwrap()
    }

    #[test]
    fn every_level_is_read_back_and_smaller() {
        for compression in ALL {
            let bytes = compressed(&text(), compression);
            assert_eq!(
                bytes.len() < text().len() / 2,
                compression != Compression::None,
                "{compression:?}"
            );
            let mut back = Vec::new();
            compressed::open(&bytes[..]).unwrap().read_to_end(&mut back).unwrap();
            assert!(back == text(), "{compression:?}");
        }
    }

    #[test]
    fn without_finish_a_reader_sees_that_the_end_is_missing() {
        for compression in &ALL[1..] {
            let mut bytes = Vec::new();
            let mut compressor = Compressor::new(&mut bytes, *compression).unwrap();
            compressor.write_all(&text()).unwrap();
            compressor.flush().unwrap();
            // A thread or child that ends here: dropped, the encoder of gzip would write the end.
            std::mem::forget(compressor);
            let read = compressed::open(&bytes[..]).unwrap().read_to_end(&mut Vec::new());
            assert_eq!(
                read.unwrap_err().kind(),
                io::ErrorKind::UnexpectedEof,
                "{compression:?}"
            );
        }
    }

    #[test]
    fn a_full_sink_is_reported_and_not_swallowed() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from_raw_os_error(libc::ENOSPC))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for compression in ALL {
            let mut compressor = Compressor::new(Full, compression).unwrap();
            let written = compressor.write_all(&text());
            let error = written.and_then(|()| compressor.finish().map(|_| ())).unwrap_err();
            assert_eq!(error.raw_os_error(), Some(libc::ENOSPC), "{compression:?}");
        }
    }

    #[test]
    fn changed_bytes_are_noticed() {
        for compression in &ALL[1..] {
            let mut bytes = compressed(&text(), *compression);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            let read = compressed::open(&bytes[..]).unwrap().read_to_end(&mut Vec::new());
            assert!(read.is_err(), "{compression:?}");
        }
    }

    #[test]
    fn options_name_formats_and_levels_that_exist() {
        let of = Compression::from_option;
        assert_eq!(of("none", None), Some(Compression::None));
        assert_eq!(of("gzip", None), Some(Compression::Gzip(2)));
        assert_eq!(of("gzip", Some(9)), Some(Compression::Gzip(9)));
        assert_eq!(of("zstd", None), Some(Compression::Zstd(1)));
        assert_eq!(of("zstd", Some(19)), Some(Compression::Zstd(19)));
        for (name, level) in [
            ("gzip", Some(0)),
            ("gzip", Some(10)),
            ("zstd", Some(0)),
            ("zstd", Some(20)),
            ("none", Some(1)),
            ("br", None),
        ] {
            assert_eq!(of(name, level), None, "{name} {level:?}");
        }
        assert_eq!(ALL.map(Compression::extension), ["", ".gz", ".gz", ".zst", ".zst"]);
    }
}
