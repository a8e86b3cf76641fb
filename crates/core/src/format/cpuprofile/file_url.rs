//! Absolute paths as the file URLs that Node's inspector reports for them.
//!
//! Node escapes `%` and hands the path to its URL parser, so the rules of the WHATWG URL standard apply: tabs and line
//! ends vanish, a backslash is a slash, `.` and `..` are resolved, a drive letter at the beginning is one, and the
//! characters of the path percent-encode set are encoded. Everything that does not begin with `/` is left alone.

use std::borrow::Cow;

/// Whether `^` is encoded: the URL standard changed its mind.
///
/// JavaScript can ask the running Node: `new URL('file:///^').pathname === '/^'` means kept.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::FileUrlStyle;
/// assert_eq!(FileUrlStyle::default(), FileUrlStyle::CaretEncoded);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FileUrlStyle {
    /// `^` stays: Node 18, 20, 22.
    CaretKept,
    /// `^` becomes `%5E`: Node 24, 26.
    #[default]
    CaretEncoded,
}

/// Turns script names into URLs, reusing one buffer.
///
/// ```
/// use rs_profiler_core::format::cpuprofile::{FileUrlStyle, FileUrls};
/// let mut urls = FileUrls::new(FileUrlStyle::CaretEncoded);
/// assert_eq!(urls.url_of("/srv/my app/../é.js"), "file:///srv/%C3%A9.js");
/// assert_eq!(urls.url_of("node:fs"), "node:fs");
/// ```
#[derive(Debug, Clone)]
pub struct FileUrls {
    style: FileUrlStyle,
    url: String,
}

impl FileUrls {
    /// Makes URLs of this style.
    ///
    /// ```
    /// # use rs_profiler_core::format::cpuprofile::{FileUrlStyle, FileUrls};
    /// assert_eq!(FileUrls::new(FileUrlStyle::CaretKept).url_of("/^"), "file:///^");
    /// ```
    pub fn new(style: FileUrlStyle) -> Self {
        FileUrls {
            style,
            url: String::new(),
        }
    }

    /// The file URL if `name` is an absolute path, else `name` itself.
    ///
    /// ```
    /// # use rs_profiler_core::format::cpuprofile::{FileUrlStyle, FileUrls};
    /// assert_eq!(FileUrls::new(FileUrlStyle::CaretKept).url_of("/100%"), "file:///100%25");
    /// ```
    pub fn url_of<'a>(&'a mut self, name: &'a str) -> &'a str {
        if !name.starts_with('/') {
            return name;
        }
        let path: Cow<'_, str> = if name.contains(['\t', '\n', '\r', '\\']) {
            Cow::Owned(name.replace(['\t', '\n', '\r'], "").replace('\\', "/"))
        } else {
            Cow::Borrowed(name)
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
                        bytes => self.encode(bytes),
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

    fn encode(&mut self, bytes: &[u8]) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        for &byte in bytes {
            let encoded = match byte {
                b'^' => self.style == FileUrlStyle::CaretEncoded,
                b' ' | b'"' | b'#' | b'%' | b'<' | b'>' | b'?' | b'`' | b'{' | b'}' => true,
                _ => !(0x20..0x7f).contains(&byte),
            };
            if encoded {
                self.url.push('%');
                self.url.push(char::from(HEX[usize::from(byte >> 4)]));
                self.url.push(char::from(HEX[usize::from(byte & 15)]));
            } else {
                self.url.push(char::from(byte));
            }
        }
    }
}
