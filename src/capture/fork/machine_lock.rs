//! A lock between the processes of one user: a file in a folder that is that user's alone.
//!
//! Why: the folder may lie where everybody can write (`/tmp`), so nothing is believed of it. It has to be a real folder, ours, and
//! closed to others: else somebody else could keep this user's captures waiting.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::time::SystemTime;

/// The lock, held. Dropped, it is free, as when this process ends.
pub(super) struct MachineLock {
    file: File,
}

/// Whose it is.
pub(super) enum Taken {
    Ours(MachineLock),
    /// And when they took it, by their clock.
    Theirs(Option<SystemTime>),
}

impl MachineLock {
    /// Tries to take it, once. An error when there is no file to lock.
    pub(super) fn take(folder: &Path) -> io::Result<Taken> {
        let file = open(folder)?;
        // SAFETY: the descriptor is open.
        if unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } != 0 {
            return match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::WouldBlock => Ok(Taken::Theirs(taken_at(&file))),
                error => Err(error),
            };
        }
        // Somebody cleans up in /tmp: who comes next would lock another file.
        if file.metadata()?.nlink() == 0 {
            return Ok(Taken::Theirs(None));
        }
        // Who waits sees that turns pass on; where it cannot be said, he waits less long.
        let _ = file.set_modified(SystemTime::now());
        Ok(Taken::Ours(MachineLock { file }))
    }
}

impl Drop for MachineLock {
    fn drop(&mut self) {
        // Closing it would not do: a child that an addon forked without exec has the file too.
        // SAFETY: the descriptor is open.
        unsafe { libc::flock(self.file.as_raw_fd(), libc::LOCK_UN) };
    }
}

fn taken_at(file: &File) -> Option<SystemTime> {
    file.metadata().ok()?.modified().ok()
}

/// Opens the file, by way of the folder's descriptor: what was checked is what is used.
fn open(folder: &Path) -> io::Result<File> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    let flags = libc::O_DIRECTORY | libc::O_NOFOLLOW;
    let folder = OpenOptions::new().read(true).custom_flags(flags).open(folder)?;
    let about = folder.metadata()?;
    // SAFETY: reads a number.
    if about.uid() != unsafe { libc::geteuid() } || about.mode() & 0o077 != 0 {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let flags = libc::O_RDWR | libc::O_CREAT | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    let mode: libc::c_uint = 0o600;
    // SAFETY: the name is a C string, and the folder's descriptor is open.
    let file = unsafe { libc::openat(folder.as_raw_fd(), c"fork.lock".as_ptr(), flags, mode) };
    if file < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, and nobody else's.
    Ok(unsafe { File::from_raw_fd(file) })
}

#[allow(clippy::unwrap_used)]
#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{chown, symlink, PermissionsExt};
    use std::path::PathBuf;

    use super::*;

    /// A path that is there for one test.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Place {
            let place = Path::new("/tmp").join(format!("rs-profiler-lock-{}-{name}", std::process::id()));
            Place(place)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn is_ours(folder: &Path) -> bool {
        matches!(MachineLock::take(folder), Ok(Taken::Ours(_)))
    }

    #[test]
    fn one_has_it_until_it_is_dropped() {
        let place = Place::new("turns");
        let held = MachineLock::take(&place.0).unwrap();
        assert!(matches!(held, Taken::Ours(_)));
        assert!(matches!(MachineLock::take(&place.0), Ok(Taken::Theirs(Some(_)))));
        drop(held);
        assert!(is_ours(&place.0));
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&place.0), mode(&place.0.join("fork.lock"))), (0o700, 0o600));
    }

    #[test]
    fn it_is_free_though_a_child_of_ours_still_has_the_file() {
        let place = Place::new("inherited");
        let held = MachineLock::take(&place.0).unwrap();
        let inherited = match &held {
            Taken::Ours(lock) => lock.file.try_clone().ok(),
            Taken::Theirs(_) => None,
        };
        assert!(inherited.is_some());
        drop(held);
        assert!(is_ours(&place.0));
    }

    #[test]
    fn who_waits_sees_that_somebody_else_has_it_now() {
        let place = Place::new("since");
        let taken = |folder: &Path| match MachineLock::take(folder).unwrap() {
            Taken::Theirs(since) => since,
            Taken::Ours(_) => None,
        };
        let first = MachineLock::take(&place.0).unwrap();
        let (since, still) = (taken(&place.0), taken(&place.0));
        drop(first);
        let _second = MachineLock::take(&place.0).unwrap();
        assert!(since.is_some() && since == still && since != taken(&place.0));
    }

    #[test]
    fn a_folder_that_others_may_enter_or_that_is_elsewhere_is_not_used() {
        let (open, link, file) = (Place::new("open"), Place::new("link"), Place::new("file"));
        fs::create_dir(&open.0).unwrap();
        fs::set_permissions(&open.0, Permissions::from_mode(0o755)).unwrap();
        assert!(MachineLock::take(&open.0).is_err());
        fs::set_permissions(&open.0, Permissions::from_mode(0o700)).unwrap();
        symlink(&open.0, &link.0).unwrap();
        assert!(MachineLock::take(&link.0).is_err());
        fs::write(&file.0, "").unwrap();
        assert!(MachineLock::take(&file.0).is_err());
        let foreign = Place::new("foreign");
        DirBuilder::new().mode(0o700).create(&foreign.0).unwrap();
        // Only root can give it away.
        if chown(&foreign.0, Some(65_534), None).is_ok() {
            assert!(MachineLock::take(&foreign.0).is_err());
        }
        symlink("/dev/null", open.0.join("fork.lock")).unwrap();
        assert!(MachineLock::take(&open.0).is_err());
        assert!(MachineLock::take(Path::new("/nowhere/at/all")).is_err());
    }
}
