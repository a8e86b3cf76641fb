//! Waiting for a descriptor.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Waits until something can be done with a file (`POLLIN`, `POLLOUT`), or its other end is gone. Says whether that is so.
pub(super) fn is_ready(file: &File, events: libc::c_short, milliseconds: libc::c_int) -> io::Result<bool> {
    let mut entry = libc::pollfd {
        fd: file.as_raw_fd(),
        events,
        revents: 0,
    };
    // SAFETY: one valid entry.
    if unsafe { libc::poll(&raw mut entry, 1, milliseconds) } >= 0 {
        return Ok(entry.revents != 0);
    }
    match io::Error::last_os_error() {
        error if error.kind() == io::ErrorKind::Interrupted => Ok(false),
        error => Err(error),
    }
}
