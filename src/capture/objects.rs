//! Objects of JavaScript by the ids that snapshots give them.

use crate::v8::{CallbackScope, FoundObject, Isolate, LocalValue};

/// What an object id stands for.
pub enum Found<T> {
    /// No object has this id.
    Nothing,
    /// An object that JavaScript must not see.
    Hidden,
    Object(T),
}

/// All of them, in an open environment.
pub struct Objects(Isolate);

impl Objects {
    pub(super) fn of(isolate: Isolate) -> Objects {
        Objects(isolate)
    }

    /// The id of a value; V8 gives it one if it has none.
    pub fn id_of(&self, value: LocalValue<'_>) -> u32 {
        self.0.object_id(value)
    }

    /// The object with this id.
    pub fn find<'cb>(&self, id: u32, scope: CallbackScope<'cb>) -> Found<LocalValue<'cb>> {
        match self.0.find_object(id, scope) {
            FoundObject::None => Found::Nothing,
            FoundObject::Hidden => Found::Hidden,
            FoundObject::Value(value) => Found::Object(value),
        }
    }
}
