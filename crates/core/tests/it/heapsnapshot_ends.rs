//! The first bytes, the sections and the last bytes of heap snapshots.

use crate::common::fixture;
use rs_profiler_core::format::heapsnapshot::{Header, Tail, TraceWatch};
use rs_profiler_core::model::Bytes;
use rs_profiler_core::{Error, Where};

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
fn finds_the_counts_of_real_snapshots() {
    for node in [20, 24] {
        let text = fixture(&format!("node{node}.heapsnapshot.head"));
        let expected = Header {
            nodes: searched(&text, "node_count"),
            edges: searched(&text, "edge_count"),
            trace_functions: searched(&text, "trace_function_count"),
        };
        assert_eq!(Header::parse(text.as_bytes()).unwrap(), expected, "Node {node}");
    }
}

#[test]
fn is_not_fooled_by_strings_nesting_or_order() {
    let text = br#"{"snapshot":{"title":"\"node_count\":1,{[","x":{"node_count":2},"node_counts":3,"uid":4,
        "meta":[["edge_count",5]],"edge_count" : 66 , "node_count":77}, "nodes":["#;
    let expected = Header {
        nodes: 77,
        edges: 66,
        trace_functions: 0,
    };
    assert_eq!(Header::parse(text).unwrap(), expected);
}

#[test]
fn refuses_what_is_no_snapshot_and_says_where() {
    let cases: [(&[u8], u64, &str); 5] = [
        (b"[]", 0, "the object \"snapshot\" should begin"),
        (br#"{"nodes":[1]}"#, 0, "the object \"snapshot\" should begin"),
        (br#"{"snapshot":{"node_count":1,"edge"#, 12, "the header is not whole"),
        (
            br#"{"snapshot":{"node_count":1}}"#,
            28,
            "the header ends without edge_count",
        ),
        (
            br#"{"snapshot":{"node_count":-1}}"#,
            29,
            "the header ends without node_count",
        ),
    ];
    for (text, at, why) in cases {
        let Err(Error::NotASnapshot { at: seen, reason }) = Header::parse(text) else {
            panic!("accepted {}", String::from_utf8_lossy(text))
        };
        let at = Where {
            section: "snapshot",
            offset: Bytes::from_bytes(at),
            node: None,
        };
        assert_eq!((seen, reason), (at, why), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn sees_allocation_stacks_wherever_the_chunks_end() {
    let watch = |pieces: &[&[u8]]| {
        let mut watch = TraceWatch::default();
        pieces.iter().for_each(|piece| watch.feed(piece));
        watch.found()
    };
    let with = br#"{"snapshot":{"meta":{"trace_function_info_fields":["a"]}},"nodes":[1,2],"edges":[3],"trace_function_infos":[0,1],"strings":["a"]}"#;
    let without = br#"{"snapshot":{},"nodes":[1,2],"edges":[3],"trace_function_infos":[],"strings":["\"trace_function_infos\":[1,","b"]}"#;
    for (text, expected) in [(with.as_slice(), true), (without.as_slice(), false)] {
        for cut in 0..=text.len() {
            assert_eq!(watch(&[&text[..cut], &text[cut..]]), expected, "cut at {cut}");
        }
        for size in 1..40 {
            let pieces: Vec<&[u8]> = text.chunks(size).collect();
            assert_eq!(watch(&pieces), expected, "chunks of {size}");
        }
    }
}

#[test]
fn the_tail_is_the_last_byte_that_is_not_white_space() {
    let ends = |pieces: &[&str]| {
        let mut tail = Tail::default();
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
