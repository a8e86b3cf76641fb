//! The first and last bytes of heap snapshots, cut into chunks at every place.

use crate::common::fixture;
use rs_profiler_core::format::{HeapSnapshotHeader, HeapSnapshotTail, SnapshotCounts};
use rs_profiler_core::Error;

/// Feeds the pieces and returns the counts.
fn scan(pieces: &[&[u8]]) -> Result<Option<SnapshotCounts>, Error> {
    let mut header = HeapSnapshotHeader::default();
    for piece in pieces {
        header.feed(piece)?;
    }
    Ok(header.counts())
}

/// The number after a key, found by searching.
fn searched(text: &str, key: &str) -> u64 {
    let after = text.split(&format!("\"{key}\":")).nth(1).unwrap();
    after
        .chars()
        .take_while(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap()
}

#[test]
fn finds_the_counts_of_real_snapshots_wherever_the_chunks_end() {
    for node in [20, 24] {
        let text = fixture(&format!("node{node}.heapsnapshot.head"));
        let expected = Some(SnapshotCounts {
            nodes: searched(&text, "node_count"),
            edges: searched(&text, "edge_count"),
        });
        let bytes = text.as_bytes();
        for cut in 0..=bytes.len() {
            assert_eq!(
                scan(&[&bytes[..cut], &bytes[cut..]]).unwrap(),
                expected,
                "Node {node}, cut at {cut}"
            );
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(scan(&single).unwrap(), expected, "Node {node}, byte by byte");
    }
}

#[test]
fn is_not_fooled_by_strings_nesting_or_order() {
    let text = br#" { "snapshot" : {"title":"\"node_count\":1,{[","x":{"node_count":2},"node_counts":3,"uid":4,
        "meta":[["edge_count",5]],"edge_count" : 66 , "node_count":77}, "nodes":["#;
    assert_eq!(scan(&[text]).unwrap(), Some(SnapshotCounts { nodes: 77, edges: 66 }));
}

#[test]
fn knows_nothing_until_both_numbers_have_ended() {
    assert_eq!(scan(&[br#"{"snapshot":{"node_count":1,"edge_count":2"#]).unwrap(), None);
    let ended = scan(&[br#"{"snapshot":{"node_count":1,"edge_count":2"#, b"3}"]).unwrap();
    assert_eq!(ended, Some(SnapshotCounts { nodes: 1, edges: 23 }));
}

#[test]
fn refuses_what_is_no_snapshot_and_says_where() {
    let cases: [(&[u8], u64, &str); 6] = [
        (b"[]", 0, "an object should begin"),
        (b" \n\"a\"", 2, "an object should begin"),
        (
            br#"{"nodes":[1]}"#,
            9,
            "the first field should be the object \"snapshot\"",
        ),
        (
            br#"{"snapshot":[]}"#,
            12,
            "the first field should be the object \"snapshot\"",
        ),
        (
            br#"{"snapshot":{"node_count":1}}"#,
            27,
            "the header ends without node_count and edge_count",
        ),
        (
            b"{\"snapshot\":{\"node_count\":99999999999999999999}}",
            45,
            "a count does not fit in 64 bits",
        ),
    ];
    for (text, at, why) in cases {
        let Err(Error::SnapshotHeader { offset, reason }) = scan(&[text]) else {
            panic!("accepted {}", String::from_utf8_lossy(text))
        };
        assert_eq!((offset, reason), (at, why), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn the_tail_is_the_last_byte_that_is_not_white_space() {
    let ends = |pieces: &[&str]| {
        let mut tail = HeapSnapshotTail::default();
        pieces.iter().for_each(|piece| tail.feed(piece.as_bytes()));
        tail.ends_with_brace()
    };
    assert!(ends(&["{}"]));
    assert!(ends(&["{", "}", " \n", "", "\r\n\t"]));
    assert!(!ends(&["{}", "\n,"]));
    assert!(!ends(&["{\"strings\":[\"}\""]));
    assert!(!ends(&[]));
    assert!(!ends(&[" \n"]));
}
