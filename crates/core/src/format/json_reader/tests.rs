//! Against serde_json: the same texts are accepted, and they mean the same.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// A source that gives few bytes at a time, so that everything is cut somewhere.
struct Dribble<'a>(&'a [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// The whole text as a value, recursively; fine for the small texts of a test.
fn value_of<R: Read>(json: &mut JsonReader<R>) -> Result<Value> {
    Ok(match json.kind()? {
        Kind::Object => {
            json.begin_object("an object")?;
            let mut map = Map::new();
            while let Some(key) = json.next_key(str::to_owned)? {
                map.insert(key, value_of(json)?);
            }
            Value::Object(map)
        }
        Kind::Array => {
            json.begin_array("an array")?;
            let mut array = Vec::new();
            while json.next_element()? {
                array.push(value_of(json)?);
            }
            Value::Array(array)
        }
        Kind::String => {
            let mut text = String::new();
            json.string("a string", &mut text)?;
            Value::String(text)
        }
        Kind::Number => match json.number("a number")? {
            Number::Whole(number) => number.into(),
            Number::Float(number) => number.into(),
        },
        Kind::Bool | Kind::Null => {
            let literal = json.bytes.peek()?;
            json.literal()?;
            match literal {
                Some(b't') => true.into(),
                Some(b'f') => false.into(),
                _ => Value::Null,
            }
        }
    })
}

/// With a space at the end, because a number there could go on.
fn parse(text: &[u8], step: usize) -> Result<Value> {
    let text = [text, b" "].concat();
    let mut json = JsonReader::new(Dribble(&text, step))?;
    let value = value_of(&mut json)?;
    json.end()?;
    Ok(value)
}

fn skip(text: &[u8], step: usize) -> Result<()> {
    let text = [text, b" "].concat();
    let mut json = JsonReader::new(Dribble(&text, step))?;
    json.skip_value()?;
    json.end()
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// Floats that were read may differ in their last digit from those of serde_json without `float_roundtrip`.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (Value::Number(a), Value::Number(b)) => {
            a == b || {
                let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
                (a - b).abs() <= b.abs() * 1e-15
            }
        }
        _ => a == b,
    }
}

proptest! {
    #[test]
    fn reads_what_serde_json_writes(value in any_value(), step in 1..9usize, pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let read = parse(&text, step).unwrap();
        prop_assert!(same(&read, &value), "{read} {value}");
        skip(&text, step).unwrap();
    }

    #[test]
    fn accepts_what_serde_json_accepts(
        text in r#"[\[\]{},:"\\ untrefalsbd0-9.eE+-]{0,14}"#,
    ) {
        let expected = serde_json::from_str::<Value>(&text);
        // serde_json refuses halves of surrogate pairs; ours replaces them.
        prop_assume!(!text.contains("\\ud"));
        match (parse(text.as_bytes(), 3), expected) {
            (Ok(read), Ok(value)) => prop_assert!(same(&read, &value), "{read} {value}"),
            (Err(_), Err(_)) => {}
            (read, expected) => prop_assert!(false, "{text:?}: {read:?} but {expected:?}"),
        }
        prop_assert_eq!(skip(text.as_bytes(), 2).is_ok(), parse(text.as_bytes(), 5).is_ok());
    }
}

#[test]
fn halves_of_surrogate_pairs_are_replaced() {
    for (text, expected) in [
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83dx""#, "\u{fffd}x"),
        (r#""\ude00x""#, "\u{fffd}x"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
    ] {
        for step in 1..8 {
            assert_eq!(parse(text.as_bytes(), step).unwrap(), expected, "{text}");
        }
    }
    assert_eq!(parse(b"\"a\xff\"", 1).unwrap(), "a\u{fffd}");
    assert_eq!(parse(b"\xef\xbb\xbf1", 1).unwrap(), 1);
}

#[test]
fn a_million_brackets_are_passed_without_recursion() {
    let text = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    skip(text.as_bytes(), 4096).unwrap();
    let unclosed = "{\"a\":[".repeat(300_000);
    assert!(matches!(
        skip(unclosed.as_bytes(), 4096),
        Err(Error::ProfileTruncated { offset: 1_800_001, .. })
    ));
}

#[test]
fn errors_name_the_byte() {
    for (text, offset) in [
        ("[1 2]", 3),
        ("[1,]", 3),
        ("{\"a\" 1}", 5),
        ("[01]", 1),
        ("\"\u{1}\"", 1),
        ("1 1", 2),
    ] {
        let Err(Error::ProfileText { offset: found, .. }) = parse(text.as_bytes(), 2) else {
            panic!("{text}")
        };
        assert_eq!(found, offset, "{text}");
    }
    let digits = "1".repeat(401);
    assert!(parse(digits.as_bytes(), 7).is_err());
    assert_eq!(
        parse("1".repeat(30).as_bytes(), 7).unwrap().as_f64(),
        "1".repeat(30).parse().ok()
    );
}

#[test]
fn errors_of_the_source_say_how_far_it_went() {
    struct Failing(bool);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(std::io::Error::other("unplugged"));
            }
            buffer[..2].copy_from_slice(b"[1");
            Ok(2)
        }
    }
    let mut json = JsonReader::new(Failing(false)).unwrap();
    assert!(matches!(json.skip_value(), Err(Error::Input { offset: 2, .. })));
}
