//! The addon's one error type. At the edge it becomes small JSON, from which `lib/errors.js` makes the `Error`.

use std::io;
use std::path::{Path, PathBuf};

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("{0}")]
    InvalidArgument(String),
    #[error("{0}")]
    Profile(String),
    #[error("{0}")]
    Snapshot(String),
    #[error("{message}")]
    Truncated {
        message: String,
        section: String,
        offset: u64,
    },
    #[error("The analysis was aborted before it was complete.")]
    Aborted,
    #[error("The system gave no thread for the analysis ({0}): a limit of processes or memory, perhaps.")]
    NoThread(io::Error),
    #[error("{syscall} of {path} failed: {source}", path = path.display())]
    Io {
        syscall: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("rs-profiler failed inside: {0}. Please report this.")]
    Internal(String),
}

impl Error {
    fn code(&self) -> &'static str {
        match self {
            Error::InvalidArgument(_) => "ERR_RS_PROFILER_INVALID_ARGUMENT",
            Error::Profile(_) => "ERR_RS_PROFILER_INVALID_PROFILE",
            Error::Snapshot(_) => "ERR_RS_PROFILER_INVALID_SNAPSHOT",
            Error::Truncated { .. } => "ERR_RS_PROFILER_TRUNCATED_SNAPSHOT",
            Error::Aborted => "ERR_RS_PROFILER_ABORTED",
            Error::NoThread(_) => "ERR_RS_PROFILER_NO_THREAD",
            Error::Io { .. } => "ERR_RS_PROFILER_IO",
            Error::Internal(_) => "ERR_RS_PROFILER_INTERNAL",
        }
    }

    /// Wraps a failed system call.
    pub fn io(syscall: &'static str, path: &Path, source: io::Error) -> Error {
        Error::Io {
            syscall,
            path: path.to_path_buf(),
            source,
        }
    }

    fn to_json(&self) -> String {
        let mut value = serde_json::json!({ "code": self.code(), "message": self.to_string() });
        match self {
            Error::Io { syscall, path, source } => {
                value["syscall"] = (*syscall).into();
                value["path"] = path.to_string_lossy().into();
                value["errno"] = source.raw_os_error().into();
            }
            Error::Truncated { section, offset, .. } => {
                value["section"] = section.as_str().into();
                value["offset"] = (*offset).into();
            }
            _ => {}
        }
        value.to_string()
    }
}

impl From<Error> for napi::Error {
    fn from(error: Error) -> napi::Error {
        napi::Error::from_reason(error.to_json())
    }
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;
