//! What is not understood is refused, and nothing is written after that.

use std::io::Write;

use crate::common::tiny_snapshot::{redact, Tiny};
use rs_profiler_core::format::heapsnapshot_redact::{RedactOptions, Redactor};

fn snapshot() -> String {
    Tiny::of_nodes(&[("string", "hunter2"), ("object", "Vault")])
        .named("property", "field")
        .numbered("element", 3)
        .text()
}

fn refusal(text: &str) -> String {
    match redact(&[text.as_bytes()], RedactOptions::default()) {
        Ok((redacted, _)) => panic!("accepted: {redacted}"),
        Err(error) => {
            assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
            error.to_string()
        }
    }
}

#[test]
fn every_text_that_is_cut_off_is_refused() {
    let text = snapshot();
    for length in 0..text.len() {
        refusal(&text[..length]);
    }
    assert!(redact(&[text.as_bytes(), b"\n"], RedactOptions::default()).is_ok());
}

#[test]
fn what_v8_does_not_write_is_refused_with_its_place() {
    let cases = [
        (
            "{\"snapshot\"",
            "[\"snapshot\"",
            "this is not where JSON has such a character",
        ),
        (
            "{\"snapshot\":",
            "{\"Snapshot\":",
            "the name of a section is not one that V8 could give",
        ),
        (
            "\"node_count\":2",
            "\"title\":\"Secret\",\"node_count\":2",
            "no name of a field or type",
        ),
        (
            "\"node_count\":2",
            "\"node_count\":3",
            "not as many records as the header says",
        ),
        (
            "\"node_count\":2",
            "\"node_count\":\"a\"",
            "no node_count or no edge_count",
        ),
        ("\"name_or_index\"", "\"name\"", "does not name the fields"),
        ("\"meta\"", "\"other\"", "no meta"),
        ("\"type\",\"name\",", "\"name\",\"type\",", "comes after its name"),
        (
            "\"nodes\":[2",
            "\"nodes\":[\"hunter2\",2",
            "something other than a number stands among the numbers",
        ),
        (
            "\"nodes\":[2",
            "\"nodes\":[-2",
            "something other than a number stands among the numbers",
        ),
        ("\"nodes\":[2", "\"nodes\":[2 3", "two numbers stand together"),
        ("\"nodes\":[2", "\"nodes\":[22222222222222222222", "more than 19 digits"),
        (",16,0]", ",16]", "the last record is incomplete"),
        ("\"nodes\":[2,1,", "\"nodes\":[2,99,", "larger than any string can have"),
        ("\"edges\":[2,3,", "\"edges\":[2,99,", "larger than any string can have"),
        (
            "\"nodes\":[",
            "\"strings\":[],\"nodes\":[",
            "strings come before nodes and edges",
        ),
        ("\"edges\":[", "\"nodes\":[],\"edges\":[", "a section comes twice"),
        (
            "\"samples\":[]",
            "\"samples\":[\"hunter2\"]",
            "holds something other than numbers",
        ),
        ("\"samples\":[]", "\"samples\":{\"hunter2\":1}", "a section is no array"),
        ("\"samples\":[]", "\"samples\":\"hunter2\"", "a section is no array"),
        (
            "\"samples\":[]",
            "\"unknown\":[{}]",
            "holds something other than numbers",
        ),
        ("hunter2", "\u{1}", "a control character"),
        ("hunter2", r"\x", "an escape that JSON does not have"),
        ("hunter2", r"\u12g4", "too few digits"),
        (
            "\"hunter2\"",
            "7",
            "something other than a string stands among the strings",
        ),
        (
            "\"hunter2\"",
            "[\"hunter2\"]",
            "something other than a string stands among the strings",
        ),
        (
            "\"field\"]}",
            "\"field\"],\"more\":[]}",
            "a section comes after the strings",
        ),
        (
            "\"field\"]}",
            "\"field\"]}x",
            "this is not where JSON has such a character",
        ),
    ];
    for (from, to, reason) in cases {
        let text = snapshot();
        assert!(text.contains(from), "{from}");
        let message = refusal(&text.replacen(from, to, 1));
        assert!(message.contains(reason), "{to}: {message}");
        assert!(message.contains("at byte "), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn unknown_sections_of_numbers_pass() {
    let text = snapshot().replacen("\"samples\":[]", "\"scopes\":[1,[2,-3],\n[]],\"scope_uses\":[]", 1);
    let (redacted, _) = redact(&[text.as_bytes()], RedactOptions::default()).unwrap();
    assert!(redacted.contains("\"scopes\":[1,[2,-3],\n[]],\"scope_uses\":[]"));
}

#[test]
fn what_this_package_adds_to_the_header_of_a_forked_snapshot_stays() {
    let added =
        r#""rs_profiler":{"isolation":"fork","stable_ids":false,"pid":7,"time":"2026-11-28T21:56:29.897Z"},"meta""#;
    let text = snapshot().replacen("\"meta\"", added, 1);
    let (redacted, _) = redact(&[text.as_bytes()], RedactOptions::default()).unwrap();
    assert!(redacted.contains(added));
}

#[test]
fn a_header_without_end_is_refused() {
    refusal(&format!("{{\"snapshot\":{{\"meta\":[{}", "[".repeat(70_000)));
}

#[test]
fn nothing_is_written_after_an_error() {
    let text = snapshot().replacen("hunter2", "\u{1}", 1);
    let mut written = Vec::new();
    let mut redactor = Redactor::new(&mut written, RedactOptions::default());
    assert!(redactor.write_all(text.as_bytes()).is_err());
    assert!(redactor.write_all(b"\"hunter2\"]}").is_err());
    assert!(redactor.flush().is_ok());
    assert!(redactor.finish().is_err());
    assert_eq!(written, b"");
}

#[test]
fn the_sinks_own_error_comes_through() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from_raw_os_error(28))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut redactor = Redactor::new(Full, RedactOptions::default());
    redactor.write_all(snapshot().as_bytes()).unwrap();
    let error = redactor.finish().map(|_| ()).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(28));
}
