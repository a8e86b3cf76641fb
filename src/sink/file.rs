//! A file that bears its name only when it is complete: bytes go to `NAME.partial`, mode 0600, which is renamed at the end
//! and removed when anything goes wrong before.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use tokio::io::AsyncWriteExt;

use super::channel::TextStream;
use super::runtime::task_failed;
use crate::error::{Error, Result};

/// Names that are tried for a file that is not complete.
const MOST_NAMES: u32 = 1000;

static SEQUENCE: AtomicU64 = AtomicU64::new(0);

/// A file under its temporary name. Dropped without [`PartialFile::commit`], it is removed.
///
/// A device (`/dev/null`) has no content to replace: it is written as it is.
pub struct PartialFile {
    partial: Option<PathBuf>,
    path: PathBuf,
}

impl PartialFile {
    /// Creates `PATH.partial`; if another capture is writing that, a name with pid and number.
    pub fn create(path: &Path) -> Result<(PartialFile, File)> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                return Err(Error::io("open", path, io::Error::from_raw_os_error(libc::EISDIR)));
            }
            Ok(found) if !found.is_file() => {
                let (partial, path) = (None, path.to_path_buf());
                let file = open_special(&path, &found)?;
                return Ok((PartialFile { partial, path }, file));
            }
            _ => {}
        }
        // A link stays; what it points to is replaced.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let mut partial = with_suffix(path, ".partial");
        let mut opened = options.open(&partial);
        // A process that was killed may have left such files, and in a container the next one has its pid.
        for _ in 0..MOST_NAMES {
            if !matches!(&opened, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
                break;
            }
            let number = SEQUENCE.fetch_add(1, Ordering::Relaxed);
            partial = with_suffix(path, &format!(".{}-{number}.partial", std::process::id()));
            opened = options.open(&partial);
        }
        let file = opened.map_err(|error| Error::io("open", path, error))?;
        Ok((
            PartialFile {
                partial: Some(partial),
                path: path.to_path_buf(),
            },
            file,
        ))
    }

    /// Gives the file its name.
    pub fn commit(mut self) -> Result<()> {
        if let Some(partial) = &self.partial {
            fs::rename(partial, &self.path).map_err(|error| Error::io("rename", &self.path, error))?;
            self.partial = None;
        }
        Ok(())
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if let Some(partial) = &self.partial {
            // There is no better place to say that the removal failed: the error that led here is being reported.
            let _ = fs::remove_file(partial);
        }
    }
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

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Writes a stream to a file. `progress` hears of the bytes written so far. Returns how many there were.
pub async fn write_file(stream: Arc<TextStream>, path: PathBuf, progress: impl Fn(u64)) -> Result<u64> {
    let (partial, file) = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || PartialFile::create(&path))
            .await
            .map_err(task_failed)??
    };
    let mut file = tokio::fs::File::from_std(file);
    let fail = |error| Error::io("write", &path, error);
    let mut bytes = 0;
    // A stream that is cut off fails.
    while let Some(chunk) = stream.next().await? {
        file.write_all(&chunk).await.map_err(fail)?;
        bytes += chunk.len() as u64;
        progress(bytes);
    }
    file.flush().await.map_err(fail)?;
    drop(file.into_std().await);
    tokio::task::spawn_blocking(move || partial.commit())
        .await
        .map_err(task_failed)??;
    Ok(bytes)
}

/// Writes what `produce` writes to a file, in the calling thread. Returns what `produce` does.
pub fn write_file_blocking<T>(path: &Path, produce: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T> {
    let (partial, mut file) = PartialFile::create(path)?;
    let produced = produce(&mut file).map_err(|error| Error::io("write", path, error))?;
    drop(file);
    partial.commit()?;
    Ok(produced)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("rs-profiler-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_file_has_its_name_only_after_commit() {
        let folder = folder("commit");
        let path = folder.join("a.json");
        let (partial, mut file) = PartialFile::create(&path).unwrap();
        file.write_all(b"{}").unwrap();
        assert!(!path.exists());
        partial.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_written_as_it_is_and_a_link_stays() {
        let folder = folder("special");
        let (target, link) = (folder.join("a.json"), folder.join("link.json"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_file_blocking(&link, |file| file.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
        write_file_blocking(Path::new("/dev/null"), |file| file.write_all(b"new")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_killed_processes_left_is_in_nobodys_way() {
        let folder = folder("stale");
        let path = folder.join("a.json");
        let next = SEQUENCE.load(Ordering::Relaxed);
        let stale = (next..next + 20).map(|number| format!(".{}-{number}.partial", std::process::id()));
        for suffix in stale.chain([".partial".to_owned()]) {
            fs::write(with_suffix(&path, &suffix), "").unwrap();
        }
        write_file_blocking(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn two_captures_of_one_name_do_not_mix_and_a_dropped_one_leaves_nothing() {
        let folder = folder("drop");
        let path = folder.join("a.json");
        let first = PartialFile::create(&path).unwrap();
        let second = PartialFile::create(&path).unwrap();
        assert_ne!(first.0.partial, second.0.partial);
        drop((first, second));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::remove_dir_all(folder).unwrap();
    }
}
