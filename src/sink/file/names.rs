//! Names: of temporary files, and of the file behind a link.

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

/// Random names that are tried. One is enough as a rule.
pub const MOST_NAMES: u32 = 100;

/// Links that are followed, as many as Linux follows.
const MOST_LINKS: u32 = 40;

/// Longer names are cut, so that the temporary name is no longer than the name itself, which fits.
const SHORT: usize = 100;

/// `NAME.<random>.partial`, beside the file.
///
/// Random, because pid and number do not tell processes apart: the only process of a container has the pid of the one that was
/// killed before it.
pub fn temporary(path: &Path) -> PathBuf {
    let suffix = format!(".{:08x}.partial", RandomState::new().build_hasher().finish() as u32);
    let name = path.file_name().unwrap_or_default();
    let mut made = if name.len() <= SHORT {
        name.to_os_string()
    } else {
        // Cut between characters: some file systems take no others.
        let mut text = name.to_string_lossy().into_owned();
        let mut end = (name.len() - suffix.len()).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        // A character that replaces broken bytes is longer than they are.
        while text.len() + suffix.len() > name.len() {
            text.pop();
        }
        OsString::from(text)
    };
    made.push(suffix);
    path.with_file_name(made)
}

/// The file that a path names when all links are followed. It need not exist.
pub fn follow(path: &Path) -> io::Result<PathBuf> {
    if let Ok(file) = fs::canonicalize(path) {
        return Ok(file);
    }
    let mut file = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&file) {
            // An absolute link replaces the whole path.
            Ok(to) => file = file.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => return Ok(file),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ELOOP))
}
