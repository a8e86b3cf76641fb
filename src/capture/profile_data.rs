//! What a stopped CPU profile is read from: V8's structure, or our copy of it.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use rs_profiler_core::model::{
    CallFrame, CallTree, ChildIndex, CpuProfile as ProfileCopy, CpuProfileSource, LineTick, Micros, NodeId, NodeIndex,
    Sample, SampleIndex,
};

use super::cpu_source::V8Profile;
use crate::error::{Error, Result};
use crate::v8::{CpuProfileNode, CpuProfileView};

/// What a stopped profile is read from, for any thread.
pub struct ProfileData(Held);

enum Held {
    V8(CpuProfileView),
    /// When V8's is gone.
    Copy(Arc<OnceLock<ProfileCopy>>),
}

impl ProfileData {
    pub(super) fn of_v8(view: CpuProfileView) -> ProfileData {
        ProfileData(Held::V8(view))
    }

    pub(super) fn of_copy(copy: &Arc<OnceLock<ProfileCopy>>) -> ProfileData {
        ProfileData(Held::Copy(Arc::clone(copy)))
    }

    /// What the writers of the core read. V8's structure without a root is an empty profile.
    pub fn source(&self) -> Result<ProfileSource<'_>> {
        match &self.0 {
            Held::V8(view) => match V8Profile::of(view) {
                Some(profile) => Ok(ProfileSource::V8(profile)),
                None => ProfileCopy::empty(
                    Micros::from_micros(view.start_time_us()),
                    Micros::from_micros(view.end_time_us()),
                )
                .map(|empty| ProfileSource::Copy(Cow::Owned(empty)))
                .map_err(|error| Error::Internal(error.to_string())),
            },
            Held::Copy(copy) => copy
                .get()
                .map(|copy| ProfileSource::Copy(Cow::Borrowed(copy)))
                .ok_or(Error::Closed),
        }
    }
}

/// A stopped profile, as a source: each call costs one branch that always goes the same way.
pub enum ProfileSource<'a> {
    V8(V8Profile<'a>),
    Copy(Cow<'a, ProfileCopy>),
}

/// A node of the [`ProfileSource`] that gave it.
#[derive(Clone, Copy)]
pub enum ProfileNode<'a> {
    V8(CpuProfileNode<'a>),
    Copy(NodeIndex),
}

/// Asks the source for something of its node; a node of another source has `$nothing`.
macro_rules! of_node {
    ($self:ident, $node:ident, |$source:ident, $own:ident| $ask:expr, $nothing:expr) => {
        match ($self, $node) {
            (ProfileSource::V8($source), ProfileNode::V8($own)) => $ask,
            (ProfileSource::Copy($source), ProfileNode::Copy($own)) => $ask,
            _ => $nothing,
        }
    };
}

macro_rules! of_profile {
    ($self:ident, |$source:ident| $ask:expr) => {
        match $self {
            ProfileSource::V8($source) => $ask,
            ProfileSource::Copy($source) => $ask,
        }
    };
}

impl<'a> CallTree for ProfileSource<'a> {
    type Node = ProfileNode<'a>;

    fn root(&self) -> Option<ProfileNode<'a>> {
        match self {
            ProfileSource::V8(source) => source.root().map(ProfileNode::V8),
            ProfileSource::Copy(source) => source.root().map(ProfileNode::Copy),
        }
    }

    fn child_count(&self, node: ProfileNode<'a>) -> usize {
        of_node!(self, node, |source, own| source.child_count(own), 0)
    }

    fn child(&self, node: ProfileNode<'a>, index: ChildIndex) -> Option<ProfileNode<'a>> {
        match (self, node) {
            (ProfileSource::V8(source), ProfileNode::V8(own)) => source.child(own, index).map(ProfileNode::V8),
            (ProfileSource::Copy(source), ProfileNode::Copy(own)) => source.child(own, index).map(ProfileNode::Copy),
            _ => None,
        }
    }

    fn node_id(&self, node: ProfileNode<'a>) -> NodeId {
        of_node!(self, node, |source, own| source.node_id(own), NodeId::new(0))
    }

    fn frame(&self, node: ProfileNode<'a>) -> CallFrame<'_> {
        of_node!(self, node, |source, own| source.frame(own), CallFrame::default())
    }
}

impl<'a> CpuProfileSource for ProfileSource<'a> {
    fn hit_count(&self, node: ProfileNode<'a>) -> u32 {
        of_node!(self, node, |source, own| source.hit_count(own), 0)
    }

    fn line_ticks(&self, node: ProfileNode<'a>, ticks: &mut Vec<LineTick>) {
        of_node!(self, node, |source, own| source.line_ticks(own, ticks), ticks.clear());
    }

    fn sample_count(&self) -> usize {
        of_profile!(self, |source| source.sample_count())
    }

    fn sample(&self, index: SampleIndex) -> Sample {
        of_profile!(self, |source| source.sample(index))
    }

    fn start_time(&self) -> Micros {
        of_profile!(self, |source| source.start_time())
    }

    fn end_time(&self) -> Micros {
        of_profile!(self, |source| source.end_time())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(data: &ProfileData) -> Option<(usize, usize, i64, i64)> {
        let copy = ProfileCopy::copy_of(&data.source().ok()?).ok()?;
        Some((
            copy.root().map_or(0, |root| copy.child_count(root)),
            copy.sample_count(),
            copy.start_time().as_micros(),
            copy.end_time().as_micros(),
        ))
    }

    #[test]
    fn a_profile_without_a_root_reads_as_an_empty_one() {
        let data = ProfileData::of_v8(crate::v8::view_without_root());
        assert_eq!(content(&data), Some((0, 0, 7, 7)));
    }

    #[test]
    fn a_copy_reads_as_it_is_once_it_was_made() {
        let copy = Arc::default();
        let data = ProfileData::of_copy(&copy);
        assert!(matches!(data.source(), Err(Error::Closed)));
        copy.get_or_init(|| {
            ProfileCopy::empty(Micros::from_micros(3), Micros::from_micros(9)).unwrap_or_else(|_| unreachable!())
        });
        assert_eq!(content(&data), Some((0, 0, 3, 9)));
    }
}
