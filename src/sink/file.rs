//! A file that bears its name only when it is complete: bytes go to a temporary file beside it, mode 0600, which is renamed at
//! the end and removed when anything goes wrong before.
//!
//! Where no rename can be (a device, a file that is mounted, a folder that takes no new file), the file itself is written, and
//! emptied or removed when anything goes wrong.

mod direct;
mod names;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use self::direct::Claim;
use self::names::{temporary, MOST_NAMES};
use super::pipeline::{run, End, Produce, Report};
use crate::error::{Error, Result};

/// What becomes of the open file at the end.
enum Place {
    /// It gets this name.
    Temporary {
        temporary: PathBuf,
        path: PathBuf,
        /// Whether its bytes may be copied where a rename fails.
        may_copy: bool,
    },
    /// It is the file that was asked for.
    Direct { claim: Claim, created: bool, begun: bool },
    /// It has no content to replace or to remove.
    Device,
    /// Nothing any more.
    Done,
}

/// A file to write to: an end of the pipeline. Dropped without [`End::commit`], it leaves nothing behind.
pub struct Target {
    file: File,
    /// As asked for: what errors name.
    path: PathBuf,
    place: Place,
    failure: Option<Error>,
}

impl Target {
    /// Opens a path for a new content. A link stays a link: the file that it names is written, or made.
    ///
    /// Fails at once where the file cannot be written. Nothing is lost before the first byte is written.
    pub fn open(path: &Path) -> Result<Target> {
        let fail = |error| Error::io("open", path, error);
        let new = |file, place| Target {
            file,
            path: path.to_path_buf(),
            place,
            failure: None,
        };
        let found = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(fail(io::Error::from_raw_os_error(libc::EISDIR))),
            Ok(found) if !found.is_file() => return Ok(new(open_special(path, &found)?, Place::Device)),
            Ok(found) => Some(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fail(error)),
        };
        let file = names::follow(path).map_err(fail)?;
        if found
            .as_ref()
            .is_some_and(|found| direct::must_be_written(&file, found))
        {
            let (file, place) = open_direct(&file).map_err(fail)?;
            return Ok(new(file, place));
        }
        match create_temporary(&file) {
            Ok((opened, temporary)) => Ok(new(
                opened,
                Place::Temporary {
                    temporary,
                    path: file,
                    may_copy: true,
                },
            )),
            // The folder may be closed and the file in it open.
            Err(error) if direct::may_be_written(&error) => match open_direct(&file) {
                Ok((file, place)) => Ok(new(file, place)),
                Err(_) if found.is_none() => Err(fail(error)),
                Err(error) => Err(fail(error)),
            },
            Err(error) => Err(fail(error)),
        }
    }

    /// Opens a path for a new content that only ever comes there by a rename: for files that somebody may have mapped, which
    /// must not change under him. Fails where that cannot be.
    pub fn replace(path: &Path) -> Result<Target> {
        let fail = |error| Error::io("open", path, error);
        let file = names::follow(path).map_err(fail)?;
        let (opened, temporary) = create_temporary(&file).map_err(fail)?;
        Ok(Target {
            file: opened,
            path: path.to_path_buf(),
            place: Place::Temporary {
                temporary,
                path: file,
                may_copy: false,
            },
            failure: None,
        })
    }

    /// Writes a text and gives the file its name. When that fails, nothing is left behind.
    pub fn fill(mut self, produce: Produce, stop: &AtomicBool, progress: &dyn Fn(u64)) -> Result<Report> {
        run(produce, &mut self, stop, progress)
    }

    /// The file for another process to write, at its start. That process has to empty it before.
    pub fn lend(&mut self) -> Result<File> {
        let seek = match self.place {
            Place::Device => Ok(()),
            _ => self.file.rewind(),
        };
        let lent = seek.and_then(|()| self.file.try_clone());
        lent.map_err(|error| Error::io("open", &self.path, error))
    }

    /// The other process may have written to it.
    pub fn set_begun(&mut self) {
        if let Place::Direct { begun, .. } = &mut self.place {
            *begun = true;
        }
    }

    /// Gives the file its name, if it is as long as the other process says.
    pub fn complete(mut self, bytes: u64) -> Result<()> {
        let found = self
            .file
            .metadata()
            .map_err(|error| Error::io("stat", &self.path, error))?;
        if found.is_file() && found.len() != bytes {
            let found = found.len();
            return Err(Error::Internal(format!("the file has {found} bytes of {bytes}")));
        }
        self.commit()
    }

    /// What the other process says of a write that failed.
    pub fn write_error(&self, error: io::Error) -> Error {
        Error::io("write", &self.path, error)
    }

    /// Empties a file that is written directly, before its first byte.
    fn begin(&mut self) -> io::Result<()> {
        if let Place::Direct { begun, created, .. } = &mut self.place
            && !*begun
        {
            *begun = true;
            if !*created {
                self.file.set_len(0)?;
            }
        }
        Ok(())
    }
}

impl Write for Target {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.begin().and_then(|()| self.file.write(data));
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
            && self.failure.is_none()
        {
            self.failure = Some(Error::io("write", &self.path, same(error)));
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl End for Target {
    fn take_failure(&mut self) -> Option<Error> {
        self.failure.take()
    }

    /// Gives the file its name.
    fn commit(&mut self) -> Result<()> {
        if let Place::Temporary {
            temporary,
            path,
            may_copy,
        } = &self.place
        {
            match fs::rename(temporary, path) {
                Ok(()) => {}
                // Seen too late: what is complete is copied.
                Err(error) if *may_copy && direct::may_be_copied(&error) => {
                    direct::copy(temporary, path).map_err(|error| Error::io("write", &self.path, error))?;
                    let _ = fs::remove_file(temporary);
                }
                Err(error) => return Err(Error::io("rename", &self.path, error)),
            }
        } else {
            // A text that is empty replaces the old content as well.
            self.begin().map_err(|error| Error::io("write", &self.path, error))?;
        }
        self.place = Place::Done;
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // There is no better place to say that this failed: the error that led here is being reported.
        let _ = match &self.place {
            Place::Temporary { temporary, .. } => fs::remove_file(temporary),
            Place::Direct {
                claim, created: true, ..
            } => fs::remove_file(claim.path()),
            Place::Direct { begun: true, .. } => self.file.set_len(0),
            Place::Direct { .. } | Place::Device | Place::Done => Ok(()),
        };
    }
}

fn same(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(number) => io::Error::from_raw_os_error(number),
        None => error.kind().into(),
    }
}

/// Options for files that only their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a file beside `path` under a name that nobody has: other writers' files, dead ones' too, are let be.
fn create_temporary(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..MOST_NAMES {
        let temporary = temporary(path);
        match private().create_new(true).open(&temporary) {
            Ok(file) => return Ok((file, temporary)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

/// Opens the file itself, as it is, or makes it.
fn open_direct(path: &Path) -> io::Result<(File, Place)> {
    let claim = Claim::new(path)?;
    let (file, created) = match private().create_new(true).open(path) {
        Ok(file) => (file, true),
        // Where nothing can be made, a file that exists may still be opened.
        Err(_) => (private().open(path)?, false),
    };
    let begun = false;
    Ok((file, Place::Direct { claim, created, begun }))
}

/// Opens what is neither file nor folder. Not a pipe: opening one waits for its reader, and a host must not wait.
fn open_special(path: &Path, found: &fs::Metadata) -> Result<File> {
    #[cfg(unix)]
    if !std::os::unix::fs::FileTypeExt::is_char_device(&found.file_type()) {
        return Err(Error::InvalidArgument(format!(
            "{} is neither a file nor a folder. To write to a pipe or socket, use a stream: export() or \
             createHeapSnapshotStream().",
            path.display()
        )));
    }
    OpenOptions::new()
        .write(true)
        .open(path)
        .map_err(|error| Error::io("open", path, error))
}

#[cfg(test)]
mod tests;
