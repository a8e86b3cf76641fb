//! Objects of JavaScript by the ids that snapshots give them.

use super::environment::Environment;
use crate::error::Result;
use crate::v8::{CallbackScope, FoundObject, LocalValue};

/// What an object id stands for.
pub enum Found<T> {
    /// No object has this id.
    Nothing,
    /// An object that JavaScript must not see.
    Hidden,
    Object(T),
}

impl Environment {
    /// The id of a value; V8 gives it one if it has none.
    pub fn object_id(&self, value: LocalValue<'_>) -> Result<u32> {
        Ok(self.isolate()?.object_id(value))
    }

    /// The object with this id.
    pub fn find_object<'cb>(&self, id: u32, scope: CallbackScope<'cb>) -> Result<Found<LocalValue<'cb>>> {
        Ok(match self.isolate()?.find_object(id, scope) {
            FoundObject::None => Found::Nothing,
            FoundObject::Hidden => Found::Hidden,
            FoundObject::Value(value) => Found::Object(value),
        })
    }
}
