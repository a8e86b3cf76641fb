//! Redaction against a naive form of its rule, on graphs of any kind, cut anywhere.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::common::tiny_snapshot::{redact, strings, Tiny, EDGE_TYPES, NODE_TYPES};
use rs_profiler_core::format::heapsnapshot_redact::{KeepPattern, KeySalt, RedactOptions};

/// Texts that no special rule is for, in JSON.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let piece = prop_oneof![
        "[a-y]{1,3}",
        Just("\\n".to_string()),
        Just("\\u00E9".to_string()),
        Just("\\\"".to_string()),
        Just("\\uD83D\\uDE00".to_string()),
        Just("é\u{1F600}".to_string()),
    ];
    // The "z" keeps them apart from all names that have a meaning.
    let text = vec(piece, 0..8).prop_map(|pieces| format!("z{}", pieces.concat()));
    vec(text, 1..40)
}

fn snapshots() -> impl Strategy<Value = Tiny> {
    let nodes = vec((0..NODE_TYPES.len(), any::<prop::sample::Index>()), 40..80);
    let edges = vec((0..EDGE_TYPES.len(), any::<prop::sample::Index>()), 0..80);
    (texts(), nodes, edges).prop_map(|(strings, nodes, edges)| {
        let pick = |index: prop::sample::Index| index.index(strings.len());
        Tiny {
            nodes: nodes
                .iter()
                .map(|(kind, name)| (NODE_TYPES[*kind], pick(*name)))
                .collect(),
            edges: edges
                .iter()
                .map(|(kind, name)| (EDGE_TYPES[*kind], pick(*name)))
                .collect(),
            strings,
        }
    })
}

/// Whether anything but a property names the string, and whether a property does.
fn uses(tiny: &Tiny, index: usize) -> (bool, bool) {
    let values = [
        "string",
        "regexp",
        "number",
        "symbol",
        "bigint",
        "concatenated string",
        "sliced string",
    ];
    let by_node = tiny
        .nodes
        .iter()
        .any(|(kind, name)| *name == index && !values.contains(kind) && *kind != "of the future");
    let by_edge = |kinds: &[&str]| {
        tiny.edges
            .iter()
            .any(|(kind, name)| *name == index && kinds.contains(kind))
    };
    (
        by_node || by_edge(&["context", "internal", "shortcut", "weak"]),
        by_edge(&["property"]),
    )
}

fn naive_blank(index: usize, text: &str) -> String {
    let length = text.encode_utf16().count();
    let digits = match index {
        0..36 => char::from_digit(index as u32, 36).unwrap().to_string(),
        _ => format!("1{}", char::from_digit(index as u32 - 36, 36).unwrap()),
    };
    match length > digits.len() {
        true => format!("{}{digits}", "*".repeat(length - digits.len())),
        false => "*".repeat(length),
    }
}

fn without_strings(text: &str) -> Value {
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["strings"] = Value::Null;
    value
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn each_string_is_what_its_uses_say(tiny in snapshots()) {
        let text = tiny.text();
        let (redacted, report) = redact(&[text.as_bytes()], RedactOptions::default()).unwrap();
        prop_assert_eq!(without_strings(&text), without_strings(&redacted));
        let (before, after) = (strings(&text), strings(&redacted));
        prop_assert_eq!(before.len() as u64, report.strings);
        for (index, (before, after)) in before.iter().zip(&after).enumerate() {
            let (name, property) = uses(&tiny, index);
            let expected = if name || property { before.clone() } else { naive_blank(index, before) };
            prop_assert_eq!(after, &expected);
        }
    }

    #[test]
    fn properties_alone_are_hashed_with_keys(tiny in snapshots()) {
        let text = tiny.text();
        let options = RedactOptions { keys: Some(KeySalt::new([9; 16])), ..RedactOptions::default() };
        let (redacted, report) = redact(&[text.as_bytes()], options).unwrap();
        prop_assert_eq!(without_strings(&text), without_strings(&redacted));
        let mut hashed = 0;
        for (index, (before, after)) in strings(&text).iter().zip(&strings(&redacted)).enumerate() {
            match uses(&tiny, index) {
                (true, _) => prop_assert_eq!(before, after),
                (false, true) => {
                    hashed += 1;
                    prop_assert!(after.len() == 12 && after.starts_with('#'), "{}", after);
                }
                (false, false) => prop_assert_eq!(after, &naive_blank(index, before)),
            }
        }
        prop_assert_eq!(hashed, report.keys);
    }

    #[test]
    fn it_does_not_matter_where_the_text_is_cut(tiny in snapshots(), cuts in vec(any::<prop::sample::Index>(), 0..20)) {
        let text = tiny.numbered("element", 123_456).numbered("element", 7).text();
        let options = || RedactOptions { keys: Some(KeySalt::new([9; 16])), ..RedactOptions::default() };
        let whole = redact(&[text.as_bytes()], options()).unwrap();
        let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        prop_assert_eq!(&redact(&single, options()).unwrap(), &whole);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len())).collect();
        places.extend([0, text.len()]);
        places.sort_unstable();
        let pieces: Vec<&[u8]> = places.windows(2).map(|pair| &text.as_bytes()[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&redact(&pieces, options()).unwrap(), &whole);
    }

    #[test]
    fn what_is_kept_is_written_as_v8_writes_it(text in vec(any::<u16>(), 0..40)) {
        // V8's form: ASCII, short escapes where there are some, else capitals.
        let json: String = text.iter().map(|unit| match unit {
            8 => "\\b".to_string(),
            9 => "\\t".to_string(),
            10 => "\\n".to_string(),
            12 => "\\f".to_string(),
            13 => "\\r".to_string(),
            0x22 => "\\\"".to_string(),
            0x5c => "\\\\".to_string(),
            0x20..=0x7f => char::from(*unit as u8).to_string(),
            _ => format!("\\u{unit:04X}"),
        }).collect();
        let text = Tiny::of_nodes(&[("string", &json)]).text();
        let options = RedactOptions { keep: vec![Box::new(KeepPattern::new("", "").unwrap())], ..RedactOptions::default() };
        prop_assert_eq!(redact(&[text.as_bytes()], options).unwrap().0, text);
    }
}
