//! A file as bytes, without reading it: the one place where a file is mapped.
//!
//! What this may not do: map anything but index files that were found complete under their names. This package replaces such a
//! file by a rename and never changes it in place, so what is mapped stays what it is, whoever else writes the index anew. Somebody
//! else who truncates the file in place while it is mapped ends the process (SIGBUS) at the next access of what is gone; the
//! documentation of the option says so.

use std::fs::File;
use std::io;
use std::sync::Arc;

use memmap2::{Mmap, MmapOptions};
use rs_profiler_core::model::heap::SharedBytes;

/// A mapped file. Unmapped when nobody holds it any more.
struct Mapped(Mmap);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes of `file`, which must be a regular one.
pub(super) fn map(file: &File) -> io::Result<SharedBytes> {
    // SAFETY: The map is private and read-only, so nothing here writes to it, and `Mapped` unmaps it after the last borrow. That
    // nobody changes the bytes under it is not ours to prove: index files are replaced, never changed (see above). Whoever
    // changes one all the same gives other numbers: every pattern of bits is a value of the columns, and their readers check
    // each place that they take from it.
    let map = unsafe { MmapOptions::new().map_copy_read_only(file) }?;
    Ok(Arc::new(Mapped(map)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_stays_what_it_was_for_who_has_it() -> io::Result<()> {
        let path = std::env::temp_dir().join(format!("rs-profiler-mapped-{}", std::process::id()));
        std::fs::write(&path, b"before")?;
        let bytes = map(&File::open(&path)?)?;
        std::fs::write(path.with_extension("new"), b"after")?;
        std::fs::rename(path.with_extension("new"), &path)?;
        assert_eq!((*bytes).as_ref(), b"before");
        assert_eq!((*map(&File::open(&path)?)?).as_ref(), b"after");
        std::fs::remove_file(&path)
    }
}
