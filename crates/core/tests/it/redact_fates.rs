//! What becomes of a string, rule by rule.

use crate::common::tiny_snapshot::{keeping, redacted, with_keys, Tiny};
use rs_profiler_core::format::heapsnapshot_redact::RedactOptions;

#[test]
fn contents_go_and_names_stay() {
    let contents = [
        "string",
        "regexp",
        "number",
        "symbol",
        "bigint",
        "sliced string",
        "of the future",
    ];
    let names = [
        "object",
        "closure",
        "code",
        "native",
        "hidden",
        "array",
        "synthetic",
        "object shape",
    ];
    for kind in contents {
        assert_eq!(
            redacted(&Tiny::of_nodes(&[(kind, "hunter2")]), RedactOptions::default()),
            ["******1"],
            "{kind}"
        );
    }
    for kind in names {
        for options in [RedactOptions::default(), with_keys(1)] {
            assert_eq!(
                redacted(&Tiny::of_nodes(&[(kind, "Vault")]), options),
                ["Vault"],
                "{kind}"
            );
        }
    }
    for kind in ["context", "internal", "shortcut", "weak"] {
        assert_eq!(
            redacted(&Tiny::default().named("weak", "-").named(kind, "x"), with_keys(1)),
            ["x"],
            "{kind}"
        );
    }
}

#[test]
fn a_number_that_is_no_name_marks_no_string() {
    let tiny = Tiny::of_nodes(&[("string", "hunter2")])
        .numbered("element", 1)
        .numbered("hidden", 1);
    assert_eq!(redacted(&tiny, RedactOptions::default()), ["******1"]);
}

#[test]
fn labels_of_v8_stay() {
    let tiny = Tiny::of_nodes(&[
        ("concatenated string", "(concatenated string)"),
        ("bigint", "bigint"),
        ("string", ""),
    ]);
    assert_eq!(
        redacted(&tiny, RedactOptions::default()),
        ["(concatenated string)", "bigint", ""]
    );
}

#[test]
fn a_text_that_is_value_and_name_is_a_name() {
    // One entry for both uses, as in V8's table.
    let mut tiny = Tiny::of_nodes(&[("string", "user"), ("string", "Vault")]).named("property", "user");
    tiny.nodes.push(("object", 2));
    assert_eq!(redacted(&tiny, RedactOptions::default()), ["user", "Vault"]);
    let hashed = redacted(&tiny, with_keys(1));
    assert_eq!((hashed[0].starts_with('#'), hashed[1].as_str()), (true, "Vault"));
}

#[test]
fn the_number_of_a_slot_is_blanked_when_it_is_also_a_value() {
    let tiny = Tiny::of_nodes(&[("string", "7314"), ("string", "731")])
        .named("internal", "7314")
        .named("internal", "731")
        .named("internal", "7315");
    assert_eq!(redacted(&tiny, RedactOptions::default()), ["***1", "731", "7315"]);
}

#[test]
fn blanks_have_the_length_in_utf16_units() {
    let cases = [
        ("a", "*"),
        ("ab", "*1"),
        (r"\u00e9\n\\\/\\u", "*****1"),
        ("é\u{1F600}", "**1"),
        (r"\uD83D\uDE00!", "**1"),
        (r"\uD83D alone", "******1"),
    ];
    for (text, blank) in cases {
        let tiny = Tiny::of_nodes(&[("string", text)]);
        assert_eq!(redacted(&tiny, RedactOptions::default()), [blank], "{text}");
    }
}

#[test]
fn equal_lengths_are_told_apart_by_their_place() {
    let texts: Vec<(&str, &str)> = vec![("string", "secret"); 40];
    let blanks = redacted(&Tiny::of_nodes(&texts), RedactOptions::default());
    assert_eq!(
        (blanks[0].as_str(), blanks[34].as_str(), blanks[35].as_str()),
        ("*****1", "*****z", "****10")
    );
}

#[test]
fn texts_without_end_are_blanked_whatever_they_are() {
    let long = "x".repeat(70_000);
    for kind in ["string", "object"] {
        let options = keeping("x", "");
        let strings = redacted(&Tiny::of_nodes(&[(kind, &long)]), options);
        assert_eq!(strings[0], format!("{}1", "*".repeat(69_999)), "{kind}");
    }
}

#[test]
fn names_of_weak_map_edges_lose_both_names() {
    let name = r"7 / part of key (K\u00e9y @11) -> value (hunter2 @13) pair in WeakMap (table @17)";
    let blanked = "7 / part of key (*** @11) -> value (******* @13) pair in WeakMap (table @17)";
    for options in [RedactOptions::default(), with_keys(1)] {
        let tiny = Tiny::default().named("internal", "-").named("internal", name);
        assert_eq!(redacted(&tiny, options), [blanked]);
    }
}

#[test]
fn names_of_weak_map_edges_that_hold_their_own_form_give_nothing_away() {
    let cases = [
        (
            "1 / part of key (a @5) -> value (b @11) -> value (c @13) pair in WeakMap (table @17)",
            "1 / part of key (* @0) -> value (****************** @00) pair in WeakMap (table @17)",
        ),
        (
            "1 / part of key (x @11) -> value (y) pair in WeakMap (table @1) @13) pair in WeakMap (table @17)",
            "1 / part of key (* @11) -> value (***************************** @13) pair in WeakMap (table @17)",
        ),
    ];
    for (name, blanked) in cases {
        let tiny = Tiny::default().named("internal", "-").named("internal", name);
        assert_eq!(redacted(&tiny, RedactOptions::default()), [blanked]);
    }
    let odd = "1 / part of key (secret) and nothing else";
    let tiny = Tiny::default().named("internal", "-").named("internal", odd);
    assert!(!redacted(&tiny, RedactOptions::default())[0].contains("secret"));
}

#[test]
fn addresses_that_are_sources_are_blanked() {
    let tiny = Tiny::of_nodes(&[
        ("code", "data:text/javascript,1"),
        ("code", "file:///a.js"),
        ("closure", "data"),
    ]);
    let strings = redacted(&tiny, RedactOptions::default());
    assert_eq!(strings, ["*********************1", "file:///a.js", "data"]);
}
