//! Memory that V8 keeps from forked children (`MADV_DONTFORK`), lent to one.
//!
//! Why: without V8's pages the child dies at its first look at the heap; and left forkable, they would make every
//! `child_process.spawn` of the service slower.
//!
//! Reading the flags (`/proc/self/smaps`) takes longer than the fork, so it is done before, on another thread, and so is
//! the lending of what was found. V8 may map more before the fork: the forking thread lends whole spans of the address
//! space, which costs next to nothing and does nothing to what needs no lending. Right after the fork, on another thread
//! again, memory is marked as before, if it is still V8's.

use std::io;
use std::path::Path;

use super::memory_map::{read_smaps, Pages};

/// Below this is nothing that a process may map.
const LOWEST: usize = 0x10000;
/// The end of the largest address space that Linux hands out unasked: arm64's, of 48 bits. To `madvise` what is behind that of
/// this machine is a hole like others.
const HIGHEST: usize = 0xffff_ffff_f000;

/// What the second and third word of a chunk of V8's heap hold: its flags, its heap or its description, which a mapping
/// of somebody else at the same place does not.
type Mark = [u64; 2];

/// The mappings that a forked child must see, lent. Dropped, they are kept from children again, if they are still V8's; what
/// cannot be marked stays forkable, which costs a later `fork` time and nothing else.
pub(super) struct Mappings {
    lent: Vec<(Pages, Mark)>,
    /// The address space without mappings that `madvise` refuses, and stops at.
    spans: Vec<Pages>,
}

impl Mappings {
    /// Reads which mappings are kept from children, and lends them. Any thread.
    pub(super) fn lend() -> io::Result<Mappings> {
        let (kept, refusing) = read_kept()?;
        let mut mappings = Mappings {
            lent: Vec::with_capacity(kept.len()),
            spans: spans_between(&refusing),
        };
        for pages in kept {
            advise(&pages, libc::MADV_DOFORK)?;
            // Of memory that V8 has only reserved there is nothing to copy: it may stay forkable.
            if let Some(mark) = read_mark(&pages) {
                mappings.lent.push((pages, mark));
            }
        }
        Ok(mappings)
    }

    /// Lends what V8 has mapped since. On the forking thread, just before the fork.
    pub(super) fn lend_new(&self) -> io::Result<()> {
        self.spans.iter().try_for_each(|span| advise(span, libc::MADV_DOFORK))
    }
}

impl Drop for Mappings {
    fn drop(&mut self) {
        for (pages, mark) in &self.lent {
            let same = |now: Mark| now.iter().zip(mark).any(|(now, then)| now == then && *now != 0);
            if read_mark(pages).is_some_and(same) {
                // The failure of one leaves it forkable.
                let _ = advise(pages, libc::MADV_DONTFORK);
            }
        }
    }
}

/// The mark of a chunk; `None` when it holds nothing, is there no more, or may not be read.
///
/// By a system call, because another thread may unmap it; and not by `/proc/self/mem`, which a process that has changed its
/// user (`process.setuid`) may not open.
fn read_mark(pages: &Pages) -> Option<Mark> {
    let mut words = [0_u64; 3];
    let length = size_of_val(&words);
    let to = libc::iovec {
        iov_base: words.as_mut_ptr().cast(),
        iov_len: length,
    };
    let from = libc::iovec {
        iov_base: std::ptr::with_exposed_provenance_mut(pages.start),
        iov_len: length,
    };
    // SAFETY: reads a number.
    let own = unsafe { libc::getpid() };
    // SAFETY: `to` is valid for writing; what is not there at `from` is an error.
    let read = unsafe { libc::process_vm_readv(own, &raw const to, 1, &raw const from, 1, 0) };
    let mark = [words[1], words[2]];
    (usize::try_from(read) == Ok(length) && mark != [0, 0]).then_some(mark)
}

/// The mappings kept from children, and those that `madvise` refuses to lend.
fn read_kept() -> io::Result<(Vec<Pages>, Vec<Pages>)> {
    let (mut kept, mut refusing) = (Vec::new(), Vec::new());
    read_smaps(Path::new("/proc/self/smaps"), |mapping, flags| {
        // Device memory, mappings of fixed size, raw page frames, mixed ones: `VM_SPECIAL` of the kernel.
        if ["io", "de", "pf", "mm"].into_iter().any(|flag| flags.has(flag)) {
            refusing.push(mapping.pages);
        } else if flags.has("dc") {
            kept.push(mapping.pages);
        }
    })?;
    Ok((kept, refusing))
}

fn spans_between(refusing: &[Pages]) -> Vec<Pages> {
    let mut spans = Vec::with_capacity(refusing.len() + 1);
    let mut start = LOWEST;
    for pages in refusing {
        if pages.start > start {
            spans.push(start..pages.start);
        }
        start = pages.end.max(start);
    }
    if start < HIGHEST {
        spans.push(start..HIGHEST);
    }
    spans
}

/// `madvise`. Holes are no error: Linux goes on behind them.
fn advise(pages: &Pages, advice: libc::c_int) -> io::Result<()> {
    let address = std::ptr::with_exposed_provenance_mut::<libc::c_void>(pages.start);
    // SAFETY: neither advice touches what is in memory, only whether a forked child gets it.
    if unsafe { libc::madvise(address, pages.len(), advice) } == 0 {
        return Ok(());
    }
    match io::Error::last_os_error() {
        error if error.raw_os_error() == Some(libc::ENOMEM) => Ok(()),
        error => Err(error),
    }
}

#[allow(clippy::unwrap_used)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_leave_out_what_refuses() {
        let spans = spans_between(&[0x20000..0x21000, 0x21000..0x22000, 0x30000..0x31000]);
        assert_eq!(spans, [LOWEST..0x20000, 0x22000..0x30000, 0x31000..HIGHEST]);
    }

    /// Anonymous memory with words in it, kept from children.
    fn keep(words: [u64; 3]) -> Pages {
        let length = 1 << 16;
        // SAFETY: a new mapping.
        let address = unsafe {
            let access = libc::PROT_READ | libc::PROT_WRITE;
            libc::mmap(
                std::ptr::null_mut(),
                length,
                access,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        // SAFETY: just mapped, of 64 KiB.
        unsafe { *address.cast::<[u64; 3]>() = words };
        let pages = address.expose_provenance()..address.expose_provenance() + length;
        advise(&pages, libc::MADV_DONTFORK).unwrap();
        pages
    }

    #[test]
    fn what_is_lent_is_taken_back_but_not_from_somebody_else() {
        let (ours, reused) = (keep([1, 2, 3]), keep([1, 4, 5]));
        let is_kept = |pages: &Pages| read_kept().unwrap().0.iter().any(|kept| kept.contains(&pages.start));
        assert!(is_kept(&ours) && is_kept(&reused));
        let lent = Mappings::lend().unwrap();
        assert!(!is_kept(&ours) && !is_kept(&reused));
        lent.lend_new().unwrap();
        // SAFETY: mapped by `keep`, of 64 KiB.
        unsafe { *std::ptr::with_exposed_provenance_mut::<[u64; 3]>(reused.start) = [1, 0, 7] };
        drop(lent);
        assert!(is_kept(&ours) && !is_kept(&reused));
    }
}
