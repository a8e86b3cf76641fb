//! Absolute paths as the file URLs that Node's inspector reports for them.
//!
//! Node escapes `%` and hands the path to its URL parser, so the rules of the WHATWG URL standard apply: tabs and line
//! ends vanish, a backslash is a slash, `.` and `..` are resolved, a drive letter at the beginning is one, and the
//! characters of the path percent-encode set are encoded. Everything that does not begin with `/` is left alone.

use std::borrow::Cow;

use percent_encoding::{percent_encode, AsciiSet, CONTROLS};

/// What is encoded beside all that is not ASCII: the path percent-encode set, and `%` because Node escapes it before.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');
const PATH_AND_CARET: &AsciiSet = &PATH.add(b'^');

/// Whether `^` is encoded: the URL standard changed its mind.
///
/// JavaScript can ask the running Node: `new URL('file:///^').pathname === '/^'` means kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FileUrlStyle {
    /// `^` stays: Node 18, 20, 22.
    CaretKept,
    /// `^` becomes `%5E`: Node 24, 26.
    #[default]
    CaretEncoded,
}

/// Turns script names into URLs, reusing one buffer.
#[derive(Debug, Clone)]
pub(super) struct FileUrls {
    style: FileUrlStyle,
    url: String,
}

impl FileUrls {
    /// Makes URLs of this style.
    pub(super) fn new(style: FileUrlStyle) -> Self {
        FileUrls {
            style,
            url: String::new(),
        }
    }

    /// The file URL if `name` is an absolute path, else `name` itself.
    pub(super) fn url_of<'a>(&'a mut self, name: &'a str) -> &'a str {
        if !name.starts_with('/') {
            return name;
        }
        let path: Cow<'_, str> = if name.contains(['\t', '\n', '\r', '\\']) {
            Cow::Owned(name.replace(['\t', '\n', '\r'], "").replace('\\', "/"))
        } else {
            Cow::Borrowed(name)
        };
        let encoded = match self.style {
            FileUrlStyle::CaretKept => PATH,
            FileUrlStyle::CaretEncoded => PATH_AND_CARET,
        };
        self.url.clear();
        self.url.push_str("file://");
        let prefix = self.url.len();
        let mut segments = path[1..].split('/').peekable();
        while let Some(segment) = segments.next() {
            let last = segments.peek().is_none();
            match segment {
                "." | ".." => {
                    if segment == ".." {
                        self.drop_segment(prefix);
                    }
                    if last {
                        self.url.push('/');
                    }
                }
                _ => {
                    let first = self.url.len() == prefix;
                    self.url.push('/');
                    match segment.as_bytes() {
                        [letter, b':' | b'|'] if first && letter.is_ascii_alphabetic() => {
                            self.url.push(char::from(*letter));
                            self.url.push(':');
                        }
                        bytes => self.url.extend(percent_encode(bytes, encoded)),
                    }
                }
            }
        }
        &self.url
    }

    /// Removes the last segment, unless it is a drive letter alone.
    fn drop_segment(&mut self, prefix: usize) {
        if let [b'/', letter, b':'] = self.url.as_bytes()[prefix..]
            && letter.is_ascii_alphabetic()
        {
            return;
        }
        let end = self.url[prefix..].rfind('/').map_or(prefix, |slash| prefix + slash);
        self.url.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_those_of_nodes_url_parser() {
        let rows = include_str!("../../../tests/fixtures/file-urls.json");
        let rows: Vec<(String, String, String)> = serde_json::from_str(rows).unwrap();
        assert!(rows.len() > 100);
        // One buffer for all names: nothing of the name before is left in it.
        let mut kept = FileUrls::new(FileUrlStyle::CaretKept);
        let mut encoded = FileUrls::new(FileUrlStyle::CaretEncoded);
        for (name, caret_kept, caret_encoded) in &rows {
            assert_eq!(kept.url_of(name), caret_kept, "{name:?}");
            assert_eq!(encoded.url_of(name), caret_encoded, "{name:?}");
        }
    }
}
