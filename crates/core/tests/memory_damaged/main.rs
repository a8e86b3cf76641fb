//! What reading and analysing takes for texts that promise much or are made to take much, counted at the allocator: so this
//! is a program of its own, with one test. An allocation beyond the limit ends it; the last line says which text that was.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something it did not expect has failed"
)]

use std::alloc::System;
use std::fmt::Write as _;
use std::io::{repeat, Read, Write};

use cap::Cap;
use flate2::{read::GzEncoder, Compression};
use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassFilter, HeapAnalysis};
use rs_profiler_core::format::heapsnapshot::{read, ReadOptions};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// What reading takes whatever the length: pieces of the text on their way.
const BASE: usize = 8 << 20;

const META: &str = r#"{"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic","object","string","concatenated string"],"string","number","number","number"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[["element","property","internal","context"],"string_or_number","node"],"trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],"location_fields":["object_index","script_id","line","column"]}"#;

/// A file of one node and `more`, a section that comes before the strings.
fn with_section(more: &str) -> String {
    file(1, "0,0,1,0,0", "", more, r#""""#)
}

fn file(count: u64, nodes: &str, edges: &str, more: &str, strings: &str) -> String {
    format!(
        r#"{{"snapshot":{{"meta":{META},"node_count":{count}}},"nodes":[{nodes}],"edges":[{edges}],{more}"strings":[{strings}]}}"#
    )
}

/// `count` nodes after the root; `node` says what is between its id and its end, and its edges.
fn many(count: u64, node: impl Fn(u64) -> (String, String), strings: &str) -> String {
    let (mut nodes, mut edges) = ("0,0,1,0,0".to_owned(), String::new());
    for at in 1..=count {
        let (record, own) = node(at);
        write!(nodes, ",{record}").unwrap();
        if !own.is_empty() {
            let comma = if edges.is_empty() { "" } else { "," };
            write!(edges, "{comma}{own}").unwrap();
        }
    }
    file(count + 1, &nodes, &edges, "", strings)
}

/// Reads and asks everything, within `most` bytes beside the text itself.
fn within(name: &str, most: usize, source: impl Read + Send) -> Result<u32, String> {
    // Not through the test's own output, which is lost when an allocation fails.
    let mut shown = std::io::stderr();
    writeln!(shown, "{name}: {most} bytes at most").unwrap();
    ALLOCATOR.set_limit(ALLOCATOR.allocated() + most).unwrap();
    let outcome = read(source, ReadOptions::default())
        .and_then(|file| HeapAnalysis::new(file.graph, AnalysisOptions::default()))
        .map(|analysis| {
            analysis.statistics();
            analysis.duplicated_strings();
            analysis.compare(&analysis);
            analysis.classes_filtered(ClassFilter::RetainedByContexts);
            analysis.graph().node_count()
        });
    let outcome = outcome.map_err(|error| error.to_string());
    ALLOCATOR.set_limit(usize::MAX).unwrap();
    outcome
}

#[test]
fn memory_is_a_small_multiple_of_the_text() {
    // Promises.
    let text = with_section("").replace(
        "\"node_count\":1",
        "\"node_count\":4000000000000,\"edge_count\":18446744073709551615",
    );
    assert!(within("promises", BASE, text.as_bytes())
        .unwrap_err()
        .contains("promises 4000000000000"));

    // Nesting, where it is skipped and where it is read.
    let deep = "[".repeat(8 << 20);
    let text = with_section(&format!("\"samples\":{deep},"));
    assert!(within("skipped nesting", BASE, text.as_bytes()).is_err());
    let text = with_section(&format!("\"trace_tree\":{deep},"));
    let said = within("calls in calls", BASE, text.as_bytes()).unwrap_err();
    assert!(said.contains("trace_tree") && said.contains("nested"), "{said}");
    let text = with_section("").replace("\"node_count\"", &format!("\"x\":{deep},\"node_count\""));
    assert!(within("nesting in the header", BASE, text.as_bytes()).is_err());

    // Short records.
    const MANY: u64 = 1 << 18;
    let text = many(MANY, |at| (format!("0,0,{},0,0", at + 1), String::new()), "\"\"");
    assert_eq!(
        within("nodes", BASE + 10 * text.len(), text.as_bytes()),
        Ok(MANY as u32 + 1)
    );
    let edges = vec!["0,0,0"; MANY as usize].join(",");
    let text = file(1, &format!("0,0,1,0,{MANY}"), &edges, "", "\"\"");
    assert_eq!(within("edges", BASE + 10 * text.len(), text.as_bytes()), Ok(1));
    let edges = vec!["0,4294967295,0"; MANY as usize].join(",");
    let text = file(1, &format!("0,0,1,0,{MANY}"), &edges, "", "\"\"");
    assert_eq!(
        within("edges with numbers of 32 bits", BASE + 10 * text.len(), text.as_bytes()),
        Ok(1)
    );
    let calls = vec!["1,0,0,0,[]"; MANY as usize].join(",");
    let text = with_section(&format!("\"trace_tree\":[{calls}],"));
    assert_eq!(within("calls", BASE + 10 * text.len(), text.as_bytes()), Ok(1));
    let strings = vec!["\"\""; MANY as usize].join(",");
    let text = file(1, "0,0,1,0,0", "", "", &strings);
    assert_eq!(within("empty strings", BASE + 10 * text.len(), text.as_bytes()), Ok(1));
    let text = file(1, "0,0,1,0,0", "", "", &format!("\"{}\"", "\\ud800".repeat(1 << 20)));
    assert_eq!(
        within("half characters", BASE + 10 * text.len(), text.as_bytes()),
        Ok(1)
    );
    let places = vec!["0,1,2,3"; MANY as usize].join(",");
    let text = with_section(&format!("\"locations\":[{places}],"));
    assert_eq!(within("places", BASE + 10 * text.len(), text.as_bytes()), Ok(1));

    // Ids are looked up as bits, of which there are 16 MiB at most.
    let text = file(2, "0,0,134217727,0,0,0,0,4294967295,0,0", "", "", "\"\"");
    assert_eq!(within("large ids", BASE + (32 << 20), text.as_bytes()), Ok(2));

    // Strings that are each other's halves: every text begins with another piece, and is up to 1024 units long.
    let text = many(
        1 << 13,
        |at| match at {
            1 => (format!("2,4,{},16,0", at + 1), String::new()),
            _ => (format!("3,3,{},32,2", at + 1), format!("2,1,5,2,2,{}", 5 * (at - 1))),
        },
        r#""","first","second","(concatenated string)","a""#,
    );
    assert_eq!(
        within("ropes", BASE + 10 * text.len(), text.as_bytes()),
        Ok((1 << 13) + 1)
    );

    // A text that is short when compressed: what is skipped of it takes nothing, however long it is.
    let (head, tail) = with_section("\"samples\":[1],")
        .split_once("[1],")
        .map(|(head, tail)| (head.to_owned() + "[1", format!("],{tail}")))
        .unwrap();
    let long = || {
        head.as_bytes()
            .chain(repeat(b' ').take(16 << 20))
            .chain(tail.as_bytes())
    };
    let mut gzip = Vec::new();
    GzEncoder::new(long(), Compression::fast())
        .read_to_end(&mut gzip)
        .unwrap();
    assert!(gzip.len() < 2 << 20);
    assert_eq!(within("a gzip bomb", BASE, &*gzip), Ok(1));
    let zstd = ruzstd::encoding::compress_to_vec(long(), ruzstd::encoding::CompressionLevel::Fastest);
    assert!(zstd.len() < 2 << 20);
    assert_eq!(within("a zstd bomb", BASE, &*zstd), Ok(1));
    // A frame that wants a window of 2 GiB, and then one of 64 MiB that holds nothing.
    let frame = |window: u8| [0x28, 0xB5, 0x2F, 0xFD, 0, window << 3, 1, 0, 0];
    assert!(within("a window of 2 GiB", BASE, &frame(21)[..]).is_err());
    let twice = [frame(16), frame(16)].concat();
    assert!(within("a window of 64 MiB", BASE + (128 << 20), &*twice).is_err());
}
