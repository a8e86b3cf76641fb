//! How much memory the child has to itself, as Linux counts it: what was copied because one of the two wrote to it, and what the
//! walk took.

use std::fs::File;
use std::io::{Read, Seek};

/// The file that tells it, opened while the child may still open files. Nothing where there is none.
pub(super) struct OwnMemory(Option<File>);

impl OwnMemory {
    pub(super) fn open() -> OwnMemory {
        OwnMemory(File::open("/proc/self/smaps_rollup").ok())
    }

    /// Private dirty memory in bytes; 0 when it is not known.
    pub(super) fn private_dirty(&mut self) -> u64 {
        let read = |file: &mut File| {
            let mut text = String::new();
            file.rewind().ok()?;
            file.read_to_string(&mut text).ok()?;
            private_dirty_of(&text)
        };
        self.0.as_mut().and_then(read).unwrap_or(0)
    }
}

fn private_dirty_of(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Private_Dirty:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_found_and_read() {
        let rollup = "55d0-7ffc ---p 0 00:00 0 [rollup]\nRss:  8 kB\nPrivate_Clean:  4 kB\nPrivate_Dirty:   12 kB\n";
        assert_eq!(private_dirty_of(rollup), Some(12 << 10));
        assert_eq!(private_dirty_of("Rss: 8 kB\n"), None);
        assert_eq!(OwnMemory(None).private_dirty(), 0);
    }

    #[test]
    fn it_is_told_again_and_again() {
        let mut own = OwnMemory::open();
        assert!(own.0.is_none() || (own.private_dirty() > 0 && own.private_dirty() > 0));
    }
}
