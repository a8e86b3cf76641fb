//! Lists that remember without owning: what has ended falls out.

use std::{rc, sync};

/// Something that may be gone.
pub(super) trait Reference {
    fn is_living(&self) -> bool;
}

impl<T: ?Sized> Reference for rc::Weak<T> {
    fn is_living(&self) -> bool {
        self.strong_count() > 0
    }
}

impl<T: ?Sized> Reference for sync::Weak<T> {
    fn is_living(&self) -> bool {
        self.strong_count() > 0
    }
}

/// Adds to a list and drops what is gone.
pub(super) fn push<R: Reference>(list: &mut Vec<R>, new: R) {
    list.retain(R::is_living);
    list.push(new);
}
