//! Plain, gzip and zstd texts, in one piece and in several, cut off and damaged.

use std::io::{self, Read, Write};

use flate2::write::GzEncoder;
use rs_profiler_core::format::compressed::{open, Compression};

use crate::common::snapshot_text::zstd;

/// A text that does not fit into one buffer of a decoder.
fn text() -> Vec<u8> {
    (0..100_000u32)
        .flat_map(|number| format!("{number},").into_bytes())
        .collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::new(1));
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Gives one byte at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}

fn decoded(bytes: &[u8]) -> io::Result<(Compression, Vec<u8>)> {
    let mut decoder = open(bytes)?;
    let mut out = Vec::new();
    decoder.read_to_end(&mut out)?;
    Ok((decoder.compression(), out))
}

#[test]
fn each_format_gives_the_text_back() {
    let text = text();
    for (bytes, compression) in [
        (text.clone(), Compression::None),
        (gzip(&text), Compression::Gzip),
        (zstd(&text), Compression::Zstd),
    ] {
        assert_eq!(decoded(&bytes).unwrap(), (compression, text.clone()));
        let mut slowly = Vec::new();
        open(Trickle(&bytes)).unwrap().read_to_end(&mut slowly).unwrap();
        assert_eq!(slowly, text);
    }
}

#[test]
fn members_and_frames_in_a_row_are_one_text() {
    let expected = b"one,two,".to_vec();
    for encode in [gzip, zstd] {
        let bytes = [encode(b"one,"), encode(b"two,")].concat();
        assert_eq!(decoded(&bytes).unwrap().1, expected);
    }
    // A skippable frame of three bytes before the first.
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7], &zstd(b"one,two,")[..]].concat();
    assert_eq!(decoded(&skipped).unwrap(), (Compression::Zstd, expected));
}

#[test]
fn what_is_shorter_than_a_magic_number_is_plain() {
    for bytes in [&b""[..], b"{", b"{}", b"\x1f", b"\x28\xb5\x2f"] {
        assert_eq!(decoded(bytes).unwrap(), (Compression::None, bytes.to_vec()));
    }
}

#[test]
fn a_text_that_is_cut_off_is_an_error() {
    for encode in [gzip, zstd] {
        let whole = encode(&text());
        for length in [5, whole.len() / 2, whole.len() - 1] {
            let error = decoded(&whole[..length]).unwrap_err();
            assert_eq!(
                error.kind(),
                io::ErrorKind::UnexpectedEof,
                "{length} of {}",
                whole.len()
            );
        }
    }
}

/// `text.zst` is of the reference implementation, level 19, with a checksum: the text above, its first 30 000 numbers.
#[test]
fn a_frame_of_the_reference_implementation_gives_its_text_back_and_its_checksum_is_looked_at() {
    let path = format!("{}/tests/fixtures/text.zst", env!("CARGO_MANIFEST_DIR"));
    let mut bytes = std::fs::read(path).unwrap();
    let expected: String = (0..30_000u32).map(|number| format!("{number},")).collect();
    assert_eq!(decoded(&bytes).unwrap(), (Compression::Zstd, expected.into_bytes()));
    *bytes.last_mut().unwrap() ^= 1;
    assert_eq!(decoded(&bytes).unwrap_err().kind(), io::ErrorKind::InvalidData);
}

#[test]
fn a_damaged_text_is_an_error() {
    let mut bytes = gzip(&text());
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    assert!(decoded(&bytes).is_err());
}
