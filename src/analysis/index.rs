//! Opening with an index: what was computed once is found again beside the snapshot, or put there.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rs_profiler_core::analyze::heap::{AnalysisOptions, HeapAnalysis, HeapIndex, IndexFault, SnapshotStamp};

use super::facts::Facts;
use super::mapped::map;
use super::snapshot::{error_of, Indexed, Snapshot};
use super::work::{Phase, Work};
use crate::error::{Error, Result};
use crate::sink::{End, Target};

/// Opens the snapshot in `file` with the index at `index`: reads that if it is one of this snapshot, and writes it if not.
///
/// What is no index at all is not overwritten: somebody may have given the wrong path.
pub(super) fn open_indexed(file: File, path: &Path, index: &Path, partial: bool, work: &Arc<Work>) -> Result<Snapshot> {
    let found = file.metadata().map_err(|error| Error::io("fstat", path, error))?;
    if !found.is_file() {
        let reason = format!("{} is no regular file: it can have no index.", path.display());
        return Err(Error::InvalidArgument(reason));
    }
    let stamp = stamp_of(&found);
    if let Some(snapshot) = read_index(index, stamp, partial)? {
        return Ok(snapshot);
    }
    // Before the work: who cannot write hears of it now.
    let target = Target::replace(index).map_err(not_written(index))?;
    let failed = |error| error_of(error, Some(path), work);
    let mut snapshot = Snapshot::read(&file, found.len(), partial, work).map_err(failed)?;
    // One that is still being written has no index.
    let now = file.metadata().map_err(|error| Error::io("fstat", path, error))?;
    if stamp_of(&now) != stamp {
        return Ok(snapshot);
    }
    write_index(&snapshot, stamp, target, work).map_err(not_written(index))?;
    snapshot.indexed = Some(Indexed::Written);
    // From now on memory is the system's to take back.
    Ok(match read_index(index, stamp, partial) {
        Ok(Some(mapped)) => Snapshot {
            indexed: snapshot.indexed,
            ..mapped
        },
        _ => snapshot,
    })
}

fn stamp_of(found: &Metadata) -> SnapshotStamp {
    let nanoseconds = |time: Duration| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX);
    let modified = found
        .modified()
        .map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => nanoseconds(after),
            Err(before) => -nanoseconds(before.duration()),
        });
    SnapshotStamp {
        length: found.len(),
        modified_ns: modified,
    }
}

/// The snapshot as its index has it, `None` when there is no index of it yet.
fn read_index(index: &Path, stamp: SnapshotStamp, partial: bool) -> Result<Option<Snapshot>> {
    match fs::metadata(index) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Err(foreign(index)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("stat", index, error)),
    }
    let file = File::open(index).map_err(|error| Error::io("open", index, error))?;
    let bytes = map(&file).map_err(|error| Error::io("mmap", index, error))?;
    let HeapIndex { analysis, note } = match HeapIndex::open(&bytes, stamp) {
        Ok(opened) => opened,
        Err(IndexFault::NoIndex) => return Err(foreign(index)),
        // Made anew.
        Err(_) => return Ok(None),
    };
    let Ok(facts) = serde_json::from_str::<Facts>(&note) else {
        return Ok(None);
    };
    if facts.cut.is_some() && !partial {
        return Ok(None);
    }
    Ok(Some(Snapshot {
        analysis,
        facts,
        indexed: Some(Indexed::Read),
    }))
}

fn foreign(index: &Path) -> Error {
    Error::InvalidArgument(format!(
        "{} is no index of a heap snapshot, and is let be. Give another place with index: '/path/to/file'.",
        index.display()
    ))
}

fn write_index(snapshot: &Snapshot, stamp: SnapshotStamp, target: Target, work: &Work) -> Result<()> {
    work.begin(Phase::Index, HeapAnalysis::INDEX_PHASES);
    let timing = |_: &str, _: Duration| work.add_done();
    let options = AnalysisOptions {
        cancel: Some(work.cancelled()),
        timing: Some(&timing),
    };
    let note = serde_json::to_string(&snapshot.facts).map_err(|error| Error::Internal(error.to_string()))?;
    let mut buffered = BufWriter::with_capacity(1 << 16, target);
    let written = snapshot.analysis.write_index(stamp, &note, &mut buffered, &options);
    let flushed = buffered.into_inner().map_err(io::IntoInnerError::into_parts);
    let mut target = match flushed {
        Ok(target) => target,
        Err((error, unwritten)) => {
            let mut target = unwritten.into_parts().0;
            return Err(target.take_failure().unwrap_or_else(|| target.write_error(error)));
        }
    };
    match written {
        Ok(_) => target.commit(),
        Err(error) => Err(target.take_failure().unwrap_or_else(|| error_of(error, None, work))),
    }
}

/// Says what to do about an index that cannot be written.
fn not_written(index: &Path) -> impl Fn(Error) -> Error {
    let index = index.to_path_buf();
    move |error| match error {
        Error::Io { source, .. } => Error::IndexNotWritten {
            path: index.clone(),
            source,
        },
        other => other,
    }
}
