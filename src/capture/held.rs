//! Something of V8's that exports read: it is deleted when nobody wants it any more and the last use of it has ended.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::v8::{CpuProfile, HeapSnapshot};

/// What V8 can be told to delete.
pub(super) trait Delete: Sized {
    /// Deletes it, unless another thread may still read it: then it is given back.
    fn try_delete(self) -> Result<(), Self>;
}

impl Delete for HeapSnapshot {
    fn try_delete(self) -> Result<(), Self> {
        HeapSnapshot::try_delete(self)
    }
}

impl Delete for CpuProfile {
    fn try_delete(self) -> Result<(), Self> {
        CpuProfile::try_delete(self)
    }
}

/// A thing, how many use it, and whether it is still wanted.
pub(super) struct Held<T: Delete> {
    thing: RefCell<Option<T>>,
    uses: Cell<usize>,
    unwanted: Cell<bool>,
}

impl<T: Delete> Held<T> {
    pub(super) fn new(thing: T) -> Rc<Held<T>> {
        Rc::new(Held {
            thing: RefCell::new(Some(thing)),
            uses: Cell::new(0),
            unwanted: Cell::new(false),
        })
    }

    /// Reads the thing. `None` when it is gone.
    pub(super) fn read<R>(&self, read: impl FnOnce(&T) -> R) -> Option<R> {
        self.thing.borrow().as_ref().map(read)
    }

    /// Keeps the thing until the use is dropped.
    pub(super) fn hold(self: &Rc<Self>) -> Use<T> {
        self.uses.set(self.uses.get() + 1);
        Use(Rc::clone(self))
    }

    /// Nobody wants it any more: deletes it, at once or when the last use has ended. Repeatable: where it was given back, the
    /// next call or end of a use tries again.
    pub(super) fn discard(&self) {
        self.unwanted.set(true);
        self.delete_unused();
    }

    pub(super) fn is_discarded(&self) -> bool {
        self.unwanted.get()
    }

    /// Takes the thing out, whoever uses it.
    pub(super) fn take(&self) -> Option<T> {
        self.thing.take()
    }

    fn delete_unused(&self) {
        if self.unwanted.get()
            && self.uses.get() == 0
            && let Some(thing) = self.thing.take()
            && let Err(thing) = thing.try_delete()
        {
            self.thing.replace(Some(thing));
        }
    }
}

/// One use of a thing.
pub(super) struct Use<T: Delete>(Rc<Held<T>>);

impl<T: Delete> Drop for Use<T> {
    fn drop(&mut self) {
        self.0.uses.set(self.0.uses.get().saturating_sub(1));
        self.0.delete_unused();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Deleted at the second try when it is `busy` at the first.
    struct Thing<'a> {
        busy: bool,
        deleted: &'a Cell<u32>,
    }

    impl Delete for Thing<'_> {
        fn try_delete(self) -> Result<(), Self> {
            if self.busy {
                return Err(Thing { busy: false, ..self });
            }
            self.deleted.set(self.deleted.get() + 1);
            Ok(())
        }
    }

    fn held(busy: bool, deleted: &Cell<u32>) -> Rc<Held<Thing<'_>>> {
        Held::new(Thing { busy, deleted })
    }

    #[test]
    fn what_nobody_uses_is_deleted_at_once_and_once() {
        let deleted = Cell::new(0);
        let held = held(false, &deleted);
        drop(held.hold());
        assert_eq!((deleted.get(), held.is_discarded()), (0, false));
        held.discard();
        held.discard();
        assert_eq!((deleted.get(), held.is_discarded()), (1, true));
        assert!(held.read(|_| ()).is_none());
    }

    #[test]
    fn the_last_use_deletes_what_is_unwanted() {
        let deleted = Cell::new(0);
        let held = held(false, &deleted);
        let (first, second) = (held.hold(), held.hold());
        held.discard();
        drop(first);
        assert!(held.read(|_| ()).is_some());
        drop(second);
        assert_eq!(deleted.get(), 1);
    }

    #[test]
    fn what_is_given_back_is_tried_again() {
        let deleted = Cell::new(0);
        let held = held(true, &deleted);
        let used = held.hold();
        held.discard();
        drop(used);
        assert_eq!((deleted.get(), held.read(|_| ()).is_some()), (0, true));
        drop(held.hold());
        assert_eq!(deleted.get(), 1);
    }
}
