//! Why reading stops, inside the reader. Turned into [`Error`] where section and offset are known.

use std::io;

use super::SnapshotSection;
use crate::model::heap::GraphFault;
use crate::model::Bytes;
use crate::{Error, Where};

#[derive(Debug)]
pub(super) enum Fault {
    /// The text is not what it should be at this byte.
    Syntax { offset: u64, reason: String },
    /// The text is something else, as can be seen at this byte.
    OtherText { offset: u64, reason: &'static str },
    /// The text ends where it should go on.
    Cut { offset: u64 },
    /// The source failed.
    Source { offset: u64, source: io::Error },
    /// The caller gave up.
    Cancelled,
}

impl Fault {
    pub(super) fn syntax(offset: u64, reason: impl Into<String>) -> Fault {
        Fault::Syntax {
            offset,
            reason: reason.into(),
        }
    }

    pub(super) fn graph(offset: u64, fault: &GraphFault) -> Fault {
        Fault::syntax(offset, fault.to_string())
    }

    pub(super) fn into_error(self, section: SnapshotSection) -> Error {
        match self {
            Fault::Syntax { offset, reason } => Error::Snapshot {
                section,
                offset,
                reason,
            },
            Fault::OtherText { offset, reason } => Error::NotASnapshot {
                at: Where {
                    section: "file",
                    offset: Bytes::from_bytes(offset),
                    node: None,
                },
                reason,
            },
            Fault::Cut { offset } => Error::SnapshotCut { section, offset },
            Fault::Source { offset, source } => Error::Source { offset, source },
            Fault::Cancelled => Error::Cancelled,
        }
    }
}

pub(super) type Outcome<T> = Result<T, Fault>;
