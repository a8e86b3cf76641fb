//! An edge in 8 bytes, and how it looks from outside.

use super::{EdgeIndex, EdgeKind, NodeIndex, StringIndex};

/// Target, and name and type packed into 4 bytes: both are read together, so they lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Edge {
    pub(crate) to: u32,
    packed: u32,
}

/// Bits of the type.
const CODE_BITS: u32 = 3;
/// An `internal` edge whose name says that it is one half of a WeakMap entry.
const WEAK_PAIR: u32 = 7;

impl Edge {
    /// The first name that does not fit; such names wait in a side table.
    pub(super) const WIDE_NAME: u32 = u32::MAX >> CODE_BITS;

    pub(super) fn new(kind: EdgeKind, name: u32, to: u32) -> Edge {
        Edge {
            to,
            packed: (name.min(Self::WIDE_NAME) << CODE_BITS) | kind as u32,
        }
    }

    #[inline]
    pub(crate) fn kind(self) -> EdgeKind {
        // The one number without a type of its own is WEAK_PAIR.
        EdgeKind::from_number(self.packed & WEAK_PAIR).unwrap_or(EdgeKind::Internal)
    }

    #[inline]
    pub(crate) fn is_weak(self) -> bool {
        self.packed & WEAK_PAIR == EdgeKind::Weak as u32
    }

    /// Whether only `weak`, `shortcut` or WeakMap rules could make it not keep its target alive.
    #[inline]
    pub(crate) fn is_plain(self) -> bool {
        self.packed & WEAK_PAIR < EdgeKind::Shortcut as u32
    }

    /// Whether it is one half of a WeakMap entry.
    #[inline]
    pub(crate) fn is_weak_pair(self) -> bool {
        self.packed & WEAK_PAIR == WEAK_PAIR
    }

    pub(super) fn mark_weak_pair(&mut self) {
        self.packed |= WEAK_PAIR;
    }

    /// The packed name: a string, an index, or [`Self::WIDE_NAME`].
    #[inline]
    pub(crate) fn packed_name(self) -> u32 {
        self.packed >> CODE_BITS
    }
}

/// An edge of a [`HeapGraph`](super::HeapGraph), unpacked.
///
/// ```
/// use rs_profiler_core::model::heap::{EdgeIndex, EdgeKind, EdgeView, NodeIndex};
/// let edge = EdgeView { index: EdgeIndex(0), kind: EdgeKind::Element, name_or_index: 3, to: NodeIndex(1) };
/// assert_eq!((edge.number(), edge.name()), (Some(3), None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeView {
    /// Its place in the file.
    pub index: EdgeIndex,
    /// Its type.
    pub kind: EdgeKind,
    /// An index for `element` and `hidden` edges, the number of a text for the others.
    pub name_or_index: u32,
    /// Where it leads.
    pub to: NodeIndex,
}

impl EdgeView {
    /// The name, for edges that have one.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::*;
    /// let edge = EdgeView { index: EdgeIndex(0), kind: EdgeKind::Property, name_or_index: 3, to: NodeIndex(1) };
    /// assert_eq!(edge.name(), Some(StringIndex(3)));
    /// ```
    pub fn name(&self) -> Option<StringIndex> {
        (!self.kind.is_numbered()).then_some(StringIndex(self.name_or_index))
    }

    /// The index, for edges that have one.
    ///
    /// ```
    /// # use rs_profiler_core::model::heap::*;
    /// let edge = EdgeView { index: EdgeIndex(0), kind: EdgeKind::Hidden, name_or_index: 3, to: NodeIndex(1) };
    /// assert_eq!(edge.number(), Some(3));
    /// ```
    pub fn number(&self) -> Option<u32> {
        self.kind.is_numbered().then_some(self.name_or_index)
    }
}
