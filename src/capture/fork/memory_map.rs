//! The memory map of a process, as Linux writes it: `/proc/self/maps`, and `smaps` with the flags of each mapping.
//!
//! Why: what a forked child is lent and what it may not write are both read from there, and one reader
//! of the format is enough.
//!
//! What it may not do: interpret what it finds, which is for who asks; allocate or lock in [`Mapping::parse`], which also runs
//! in the forked child.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::ops::Range;
use std::path::Path;

/// Addresses, of whole pages.
pub(super) type Pages = Range<usize>;

/// The first line of a mapping, which in `maps` is the only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping {
    pub pages: Pages,
    access: [u8; 4],
}

impl Mapping {
    /// `None` when the line is another one of smaps.
    pub(super) fn parse(line: &str) -> Option<Mapping> {
        let (pages, rest) = line.split_once(' ')?;
        let (start, end) = pages.split_once('-')?;
        let hex = |text| usize::from_str_radix(text, 16).ok();
        Some(Mapping {
            pages: hex(start)?..hex(end)?,
            access: *rest.as_bytes().first_chunk()?,
        })
    }

    /// Whether all these letters are in its access: `r`, `w`, `x`, and `s` for shared or `p` for private.
    pub(super) fn allows(&self, letters: &str) -> bool {
        letters.bytes().all(|letter| self.access.contains(&letter))
    }
}

/// What a line `VmFlags` of smaps says of a mapping.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flags<'a>(&'a str);

impl Flags<'_> {
    /// Whether this flag, of two letters, is among them; `dc` is: not copied by fork.
    pub(super) fn has(self, flag: &str) -> bool {
        self.0.split_ascii_whitespace().any(|each| each == flag)
    }
}

/// Reads the smaps at `path`; `found` gets every mapping with its flags, in the order of addresses.
pub(super) fn read_smaps(path: &Path, found: impl FnMut(Mapping, Flags)) -> io::Result<()> {
    read_flags(BufReader::with_capacity(1 << 16, File::open(path)?), found)
}

fn read_flags(mut smaps: impl BufRead, mut found: impl FnMut(Mapping, Flags)) -> io::Result<()> {
    let mut mapping = None;
    let mut line = String::new();
    while smaps.read_line(&mut line)? > 0 {
        if let Some(flags) = line.strip_prefix("VmFlags:") {
            if let Some(mapping) = mapping.take() {
                found(mapping, Flags(flags));
            }
        } else if let Some(next) = Mapping::parse(&line) {
            mapping = Some(next);
        }
        line.clear();
    }
    Ok(())
}

#[allow(clippy::unwrap_used)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_mapping_is_read() {
        let line = "7f10-7f20 rw-p 00000000 00:00 0 \n";
        let mapping = Mapping::parse(line).unwrap();
        assert_eq!(mapping.pages, 0x7f10..0x7f20);
        assert!(mapping.allows("rw") && mapping.allows("p"));
        assert!(!mapping.allows("rx") && !mapping.allows("ws"));
        let shared = "7ffff7fc1000-7ffff7fc5000 -w-s 00000000 00:05 3 /dev/shm/a file (deleted)";
        let shared = Mapping::parse(shared).unwrap();
        assert_eq!(shared.pages, 0x7fff_f7fc_1000..0x7fff_f7fc_5000);
        assert!(shared.allows("ws") && !shared.allows("rw"));
        // The path is not part of the access.
        assert!(!Mapping::parse("10-20 r--p 0 00:00 0 /srv/ws").unwrap().allows("w"));
    }

    #[test]
    fn other_lines_begin_no_mapping() {
        for line in [
            "",
            "\n",
            "Size:                  4 kB\n",
            "Pss_Dirty:             0 kB",
            "VmFlags: rd wr dc ",
            "10-20",
            "10-20 r",
            "10-xy rw-p 0 00:00 0",
            "10 rw-p 0 00:00 0",
            "10000000000000000-20000000000000000 rw-p 0 00:00 0",
        ] {
            assert_eq!(Mapping::parse(line), None, "{line:?}");
        }
    }

    #[test]
    fn each_mapping_comes_with_its_own_flags() {
        let smaps = "10-20 r--p 0 00:00 0 /bin/a\nRss: 4 kB\nVmFlags: rd mr \n\
                     20-30 rw-p 0 00:00 0 \nRss: 4 kB\n\
                     30-40 rw-s 0 00:00 0 \nRss: 4 kB\nVmFlags: rd wr dc\nVmFlags: io\n";
        let mut found = Vec::new();
        read_flags(smaps.as_bytes(), |mapping, flags| {
            found.push((mapping.pages, flags.has("dc"), flags.has("r"), flags.has("io")));
        })
        .unwrap();
        // The second has none, as on a kernel that does not tell them.
        let expected = [(0x10..0x20, false, false, false), (0x30..0x40, true, false, false)];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_error_of_the_source_is_handed_on() {
        let text = &b"10-20 rw-p 0 00:00 0 \xff\n"[..];
        assert!(read_flags(text, |_, _| {}).is_err());
        assert!(read_smaps(Path::new("/nowhere/smaps"), |_, _| {}).is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_a_map() {
        let mut spans = Vec::new();
        read_smaps(Path::new("/proc/self/smaps"), |mapping, flags| {
            // The kernel says the access twice.
            assert_eq!(mapping.allows("w"), flags.has("wr"), "{mapping:?}");
            spans.push(mapping.pages);
        })
        .unwrap();
        let here = (&raw const spans).addr();
        assert!(spans.iter().any(|pages| pages.contains(&here)));
    }
}
