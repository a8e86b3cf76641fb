//! Hashes of names and numbers, and what patterns keep.

use crate::common::tiny_snapshot::{keeping, redact, redacted, strings, with_keys, Tiny};
use rs_profiler_core::format::heapsnapshot_redact::{KeepPattern, RedactOptions};

#[test]
fn properties_become_hashes_that_only_the_salt_decides() {
    let tiny = Tiny::of_nodes(&[("string", "alice")])
        .named("property", "alice")
        .named("property", "bob");
    let again = Tiny::default()
        .named("property", "-")
        .named("property", "bob")
        .named("property", "alice");
    let (first, second, other) = (
        redacted(&tiny, with_keys(1)),
        redacted(&again, with_keys(1)),
        redacted(&tiny, with_keys(2)),
    );
    assert_eq!([&first[0], &first[1]], [&second[1], &second[0]]);
    assert_ne!(first[0], first[1]);
    assert_ne!(first[0], other[0]);
    assert!(
        first.iter().all(|name| name.len() == 12 && name.starts_with('#')),
        "{first:?}"
    );
}

#[test]
fn accessors_and_symbols_hash_the_name_within() {
    let names = [
        "alice",
        "get alice",
        "set alice",
        "<symbol alice>",
        "__proto__",
        "get length",
        "<symbol Symbol.iterator>",
    ];
    let tiny = names
        .iter()
        .fold(Tiny::of_nodes(&[]), |tiny, name| tiny.named("property", name));
    let hashed = redacted(&tiny, with_keys(1));
    let name = hashed[0].clone();
    let expected = [
        name.clone(),
        format!("get {name}"),
        format!("set {name}"),
        format!("<symbol {name}>"),
    ];
    assert_eq!(hashed[..4], expected);
    assert_eq!(hashed[4..], names[4..]);
}

#[test]
fn integer_keys_become_hashes_and_positions_stay() {
    let tiny = [0, 1, 3, 999, 1000, 1001, 4_111_111, 1002, 4_111_111, 4_111_112]
        .iter()
        .fold(Tiny::of_nodes(&[]), |tiny, number| tiny.numbered("element", *number))
        .numbered("hidden", 4_111_111);
    let numbers = |options| {
        let (text, report) = redact(&[tiny.text().as_bytes()], options).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let edges: Vec<u64> = value["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap())
            .collect();
        (
            edges.chunks(3).map(|edge| edge[1]).collect::<Vec<u64>>(),
            report.indexes,
        )
    };
    assert_eq!(numbers(RedactOptions::default()).1, 0);
    let (kept, replaced) = numbers(with_keys(1));
    assert_eq!(kept[..6], [0, 1, 3, 999, 1000, 1001]);
    assert_eq!(replaced, 4);
    assert!(
        kept[6..10]
            .iter()
            .all(|number| (1 << 31..u64::from(u32::MAX)).contains(number)),
        "{kept:?}"
    );
    assert_eq!((kept[6], kept[10]), (kept[8], 4_111_111));
    assert_ne!(kept[6], kept[9]);
}

#[test]
fn patterns_mean_what_javascript_means() {
    let keeps = |source: &str, flags: &str, text: &str| {
        let text = serde_json::to_string(text).unwrap();
        let tiny = Tiny::of_nodes(&[("string", text.trim_matches('"'))]);
        redact(&[tiny.text().as_bytes()], keeping(source, flags))
            .unwrap()
            .1
            .kept
            == 1
    };
    assert!(keeps("", "", "anything"));
    assert!(keeps("b+", "g", "abc"));
    assert!(keeps("^ABC$", "i", "abc"));
    assert!(!keeps("^b", "", "a\nb"));
    assert!(keeps("^b", "m", "a\nb"));
    // Where Rust's engines differ: digits and words are ASCII, a dot is one unit, looking around and back works.
    assert!(!keeps(r"\d", "", "\u{663}"));
    assert!(!keeps(r"^\w$", "", "é"));
    assert!(!keeps("^.$", "", "\u{1F600}"));
    assert!(keeps("^.$", "u", "\u{1F600}"));
    assert!(!keeps("^a.b$", "", "a\u{2028}b"));
    assert!(keeps(r"(?<=\$)(?<n>\d)\k<n>(?!\d)", "", "$11 "));
    assert!(keeps("[a&&b]", "", "&"));
    for (source, flags) in [("(", ""), ("a", "y"), ("a", "q"), ("[b-a]", "")] {
        let message = KeepPattern::new(source, flags).unwrap_err().to_string();
        assert!(message.contains(&format!("/{source}/{flags}")), "{message}");
    }
}

#[test]
fn kept_strings_and_keys_are_counted() {
    let tiny = Tiny::of_nodes(&[("string", "keep me"), ("string", "secret")])
        .named("property", "keeper")
        .named("property", "other");
    let options = RedactOptions {
        keep: keeping("^keep", "").keep,
        ..with_keys(1)
    };
    let (text, report) = redact(&[tiny.text().as_bytes()], options).unwrap();
    assert_eq!(strings(&text)[1..4], ["keep me", "*****2", "keeper"]);
    assert_eq!(
        (
            report.strings,
            report.blanked,
            report.blanked_units,
            report.keys,
            report.kept
        ),
        (5, 1, 6, 1, 2)
    );
}
