//! The one file outside `v8` that touches raw N-API values: those that go to V8 and come from it.

use std::ptr::NonNull;

use napi::bindgen_prelude::{FromNapiValue, JsValue, Unknown};
use napi::Env;

use crate::error::Error;
use crate::v8::{CallbackScope, LocalValue};

/// The callback that `env` was lent to.
pub fn scope(_env: &Env) -> CallbackScope<'_> {
    // SAFETY: napi lends an `Env` for the time of a callback, on its thread, and no code of this crate keeps one.
    unsafe { CallbackScope::new() }
}

/// An argument of the callback that `env` was lent to, for V8.
pub fn to_local<'env>(env: &'env Env, value: Unknown<'env>) -> napi::Result<LocalValue<'env>> {
    let raw = NonNull::new(value.raw().cast()).ok_or_else(|| Error::Internal("N-API gave no value".into()))?;
    // SAFETY: napi makes an `Unknown<'env>` only of values that the callback was called with or has made.
    Ok(unsafe { LocalValue::new(raw, scope(env)) })
}

/// What V8 made in the callback that `env` was lent to, as a JavaScript value of it.
pub fn from_local<'env>(env: &'env Env, value: LocalValue<'env>) -> napi::Result<Unknown<'env>> {
    // SAFETY: the lifetime of `value` says that its handle scope is open for `'env`.
    unsafe { Unknown::from_napi_value(env.raw(), value.as_raw().cast()) }
}
