//! The addon's one error type. At the edge it becomes small JSON, from which the JavaScript layer makes the `Error`: an
//! error made there has the caller's realm, so `instanceof Error` holds inside Jest.

use std::io;
use std::path::{Path, PathBuf};

/// Everything that can go wrong between JavaScript and V8.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("{0}")]
    UnsupportedNode(String),
    #[error("This {0} was deleted: its data is gone. Export or read it before calling delete().")]
    Deleted(&'static str),
    #[error("{0}")]
    NotRunning(&'static str),
    #[error("{0}")]
    TooManyProfiles(&'static str),
    #[error("{0}")]
    Busy(&'static str),
    #[error("{0}")]
    InvalidArgument(String),
    #[error("The export was aborted before it was complete.")]
    Aborted,
    #[error("The environment of this rs-profiler is closing; nothing can be captured any more.")]
    Closed,
    #[error(
        "The system gave no further thread ({0}): the limit of the container or user (pids cgroup, ulimit -u) is reached. \
         Raise it, or try again when fewer threads run."
    )]
    NoThread(io::Error),
    #[error(
        "Somebody (an inspector session, as a rule) began to record allocation stacks while this snapshot was being written; \
         its text would be wrong. Take it again."
    )]
    TrackingStarted,
    #[error("V8 gave up the walk of the heap; no snapshot was made.")]
    WalkFailed,
    /// `phase`: `fork`, `start`, `walk` or `write`.
    #[error(
        "The snapshot in a forked child failed in phase {phase}: {reason}. isolation: 'inline' takes it in this process, which \
         stands still meanwhile."
    )]
    ForkFailed { phase: &'static str, reason: String },
    /// `phase`: as of [`Error::ForkFailed`].
    #[error(
        "The forked child did not survive phase {phase} of the snapshot ({reason}), and this process might not either, so it was \
         not tried here. The usual cause is too little memory: give the process or the container more, or record a sampling heap \
         profile, which needs little."
    )]
    NoMemory { phase: &'static str, reason: String },
    #[error("{message}")]
    InvalidSnapshot {
        message: String,
        section: String,
        offset: u64,
    },
    #[error("{message} With partial: true, what is whole of it is opened.")]
    TruncatedSnapshot {
        message: String,
        section: String,
        offset: u64,
    },
    #[error(
        "The index {path} cannot be written: {source}. Give another place with index: '/path/to/file', or open the snapshot \
         without an index.",
        path = path.display()
    )]
    IndexNotWritten { path: PathBuf, source: io::Error },
    #[error("The answer is longer than the longest string of V8. Ask for fewer rows: set limit.")]
    AnswerTooLong,
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
    /// The stable code. File errors get the system's code (`ENOENT`, ...) in the JavaScript layer, from `errno`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::UnsupportedNode(_) => "ERR_RS_PROFILER_UNSUPPORTED_NODE",
            Error::Deleted(_) => "ERR_RS_PROFILER_DELETED",
            Error::NotRunning(_) => "ERR_RS_PROFILER_NOT_RUNNING",
            Error::TooManyProfiles(_) => "ERR_RS_PROFILER_TOO_MANY_PROFILES",
            Error::Busy(_) => "ERR_RS_PROFILER_BUSY",
            Error::InvalidArgument(_) => "ERR_RS_PROFILER_INVALID_ARGUMENT",
            Error::Aborted => "ERR_RS_PROFILER_ABORTED",
            Error::Closed => "ERR_RS_PROFILER_CLOSED",
            Error::NoThread(_) => "ERR_RS_PROFILER_NO_THREAD",
            Error::TrackingStarted => "ERR_RS_PROFILER_TRACKING_STARTED",
            Error::WalkFailed => "ERR_RS_PROFILER_WALK_FAILED",
            Error::ForkFailed { .. } => "ERR_RS_PROFILER_FORK_FAILED",
            Error::NoMemory { .. } => "ERR_RS_PROFILER_NO_MEMORY",
            Error::InvalidSnapshot { .. } => "ERR_RS_PROFILER_INVALID_SNAPSHOT",
            Error::TruncatedSnapshot { .. } => "ERR_RS_PROFILER_TRUNCATED_SNAPSHOT",
            Error::IndexNotWritten { .. } => "ERR_RS_PROFILER_INDEX_NOT_WRITTEN",
            Error::AnswerTooLong => "ERR_RS_PROFILER_STRING_TOO_LONG",
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

    /// The form that `lib/native/errors.js` reads.
    pub fn to_json(&self) -> String {
        let mut value = serde_json::json!({ "code": self.code(), "message": self.to_string() });
        if let Error::Io { syscall, path, source } = self {
            value["syscall"] = (*syscall).into();
            value["path"] = path.to_string_lossy().into();
            value["errno"] = source.raw_os_error().into();
        }
        if let Error::IndexNotWritten { path, .. } = self {
            value["path"] = path.to_string_lossy().into();
        }
        if let Error::ForkFailed { phase, reason } | Error::NoMemory { phase, reason } = self {
            value["phase"] = (*phase).into();
            value["reason"] = reason.as_str().into();
        }
        if let Error::InvalidSnapshot { section, offset, .. } | Error::TruncatedSnapshot { section, offset, .. } = self
        {
            value["section"] = section.as_str().into();
            value["offset"] = (*offset).into();
        }
        value.to_string()
    }
}

/// The result of everything above floor 1.
pub type Result<T> = std::result::Result<T, Error>;
