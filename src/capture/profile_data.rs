//! What a stopped CPU profile is read from: V8's structure, or our copy of it.

use std::sync::{Arc, OnceLock};

use rs_profiler_core::model::{CpuProfile as ProfileCopy, CpuProfileSource, Micros};

use super::cpu_source::V8Profile;
use crate::error::{Error, Result};
use crate::v8::CpuProfileView;

/// What a stopped profile is read from, on any thread.
#[derive(Clone)]
pub enum ProfileData {
    /// V8's own structure.
    V8(ProfileView),
    /// Our copy, when V8's is gone.
    Copy(Arc<OnceLock<ProfileCopy>>),
}

/// V8's own structure, opaque to the floors above.
#[derive(Clone)]
pub struct ProfileView(pub(super) CpuProfileView);

/// Something to do with a source, whichever it is. (A closure cannot be generic.)
pub trait ReadProfile {
    type Output;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output;
}

impl ProfileData {
    pub fn read<R: ReadProfile>(&self, reader: R) -> Result<R::Output> {
        match self {
            ProfileData::V8(ProfileView(view)) => match V8Profile::of(view) {
                Some(source) => Ok(reader.read(&source)),
                None => ProfileCopy::empty(
                    Micros::from_micros(view.start_time_us()),
                    Micros::from_micros(view.end_time_us()),
                )
                .map(|empty| reader.read(&empty))
                .map_err(|error| Error::Internal(error.to_string())),
            },
            ProfileData::Copy(copy) => copy.get().map(|copy| reader.read(copy)).ok_or(Error::Closed),
        }
    }
}

pub(super) struct CopyProfile;

impl ReadProfile for CopyProfile {
    type Output = rs_profiler_core::Result<ProfileCopy>;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        ProfileCopy::copy_of(source)
    }
}

#[cfg(test)]
mod tests {
    use rs_profiler_core::model::CallTree;

    use super::*;

    #[test]
    fn a_profile_without_a_root_reads_as_an_empty_one() {
        let data = ProfileData::V8(ProfileView(crate::v8::view_without_root()));
        let copy = data.read(CopyProfile).ok().and_then(|copied| copied.ok());
        let content = copy.map(|copy| {
            let children = copy.root().map(|root| copy.child_count(root));
            (children, copy.sample_count(), copy.start_time().as_micros())
        });
        assert_eq!(content, Some((Some(0), 0, 7)));
    }
}
