//! The paths behind file URLs: the inspector turns paths into URLs, and a profile should name a file one way only.

use std::borrow::Cow;

/// The path of a file URL without host and drive; any other name itself.
///
/// A URL whose path would mean something else when decoded (an encoded slash, a NUL, not UTF-8) stays as it is.
pub(in super::super) fn path_of(name: &str) -> Cow<'_, str> {
    let Some(encoded) = name.strip_prefix("file://").filter(|path| path.starts_with('/')) else {
        return Cow::Borrowed(name);
    };
    if let [b'/', drive, b':', ..] = encoded.as_bytes() {
        if drive.is_ascii_alphabetic() {
            return Cow::Borrowed(name);
        }
    }
    // What a module's query or fragment says is part of its name.
    if !encoded.contains('%') {
        return Cow::Borrowed(encoded);
    }
    decoded(encoded).map_or(Cow::Borrowed(name), Cow::Owned)
}

fn decoded(encoded: &str) -> Option<String> {
    let mut path = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte != b'%' {
            path.push(*byte);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        match (digit(high)? << 4 | digit(low)?) as u8 {
            0 | b'/' => return None,
            byte => path.push(byte),
        }
        rest = after;
    }
    String::from_utf8(path).ok()
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn decodes_what_means_the_same_as_a_path_and_leaves_the_rest() {
        for (name, path) in [
            ("file:///srv/my%20service/hot%20%C3%A9.js", "/srv/my service/hot é.js"),
            ("file:///srv/app.mjs?v=2", "/srv/app.mjs?v=2"),
            ("file:///100%25", "/100%"),
            ("file:///a%2Fb", "file:///a%2Fb"),
            ("file:///a%00", "file:///a%00"),
            ("file:///%FF", "file:///%FF"),
            ("file:///%4", "file:///%4"),
            ("file:///C:/app.js", "file:///C:/app.js"),
            ("file://host/app.js", "file://host/app.js"),
            ("/a%20b", "/a%20b"),
            ("node:fs", "node:fs"),
        ] {
            assert_eq!(path_of(name), path);
        }
    }
}
