//! Where a file cannot be replaced by a rename and is written as it is.

use std::collections::HashSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The files that are being written directly: two writers would mix their texts.
static CLAIMED: Mutex<Option<HashSet<PathBuf>>> = Mutex::new(None);

/// The right to write a file directly, until it is dropped.
pub struct Claim(PathBuf);

impl Claim {
    /// Fails with `EBUSY` while somebody else of this process has it.
    pub fn new(path: &Path) -> io::Result<Claim> {
        let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
        if claimed.get_or_insert_default().insert(path.to_path_buf()) {
            return Ok(Claim(path.to_path_buf()));
        }
        Err(io::Error::from_raw_os_error(libc::EBUSY))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
        claimed.get_or_insert_default().remove(&self.0);
    }
}

/// Whether a failure to make a temporary file may be one of the folder alone.
pub fn may_be_written(error: &io::Error) -> bool {
    let number = error.raw_os_error();
    [libc::EACCES, libc::EPERM, libc::EROFS, libc::ENAMETOOLONG]
        .map(Some)
        .contains(&number)
}

/// Whether a failed rename leaves the way of copying.
pub fn may_be_copied(error: &io::Error) -> bool {
    let number = error.raw_os_error();
    [libc::EACCES, libc::EPERM, libc::EBUSY, libc::EXDEV]
        .map(Some)
        .contains(&number)
}

/// Copies a complete file over another; that is emptied when it fails.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let _claim = Claim::new(to)?;
    let mut file = OpenOptions::new().write(true).truncate(true).open(to)?;
    if let Err(error) = io::copy(&mut source, &mut file) {
        let _ = file.set_len(0);
        return Err(error);
    }
    Ok(())
}

/// Whether it is known beforehand that this file cannot be replaced by a rename.
pub fn must_be_written(path: &Path, found: &Metadata) -> bool {
    is_mount_point(path) || is_protected(path, found)
}

/// Whether a folder like `/tmp` keeps a file that is another user's from being replaced.
#[cfg(unix)]
fn is_protected(path: &Path, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let Some(Ok(folder)) = path.parent().map(fs::metadata) else {
        return false;
    };
    let Ok(own) = fs::metadata("/proc/self").map(|own| own.uid()) else {
        return false;
    };
    let sticky = folder.mode() & 0o1000 != 0;
    sticky && own != 0 && own != found.uid() && own != folder.uid()
}

#[cfg(not(unix))]
fn is_protected(_: &Path, _: &Metadata) -> bool {
    false
}

/// Whether a file is mounted: a rename to it would fail, after everything was written. Known on Linux.
fn is_mount_point(path: &Path) -> bool {
    let Ok(mounts) = fs::read("/proc/self/mountinfo") else {
        return false;
    };
    let wanted = path.as_os_str().as_encoded_bytes();
    mounts
        .split(|byte| *byte == b'\n')
        .filter_map(|line| line.split(|byte| *byte == b' ').nth(4))
        .any(|mount| unescaped(mount) == wanted)
}

/// The kernel writes blanks, line ends and backslashes as `\` and three octal digits.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                plain.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                rest = after;
            }
            _ => plain.push(*first),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_mounts_are_unescaped() {
        assert_eq!(unescaped(br"/a\040b\134c\9"), br"/a b\c\9");
        assert!(!cfg!(target_os = "linux") || is_mount_point(Path::new("/proc")));
        assert!(!is_mount_point(Path::new("/proc/self/no such file")));
    }
}
