//! The one file outside `v8` that touches raw N-API values: those that go to V8 and come from it.

use std::ptr::NonNull;

use napi::bindgen_prelude::{ArrayBuffer, FromNapiValue, JsValue, ToNapiValue, Unknown};
use napi::{sys, Env};

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

/// Bytes that become an `ArrayBuffer` of V8's own making: V8 then collects what is no longer needed as it does for Node's own
/// streams, and it can be transferred to another thread. Memory of ours that V8 only points to would do neither, and that of
/// `napi_create_buffer_copy` starts no collection.
pub struct OwnMemory(pub Vec<u8>);

impl ToNapiValue for OwnMemory {
    unsafe fn to_napi_value(env: sys::napi_env, OwnMemory(bytes): Self) -> napi::Result<sys::napi_value> {
        let copy = ArrayBuffer::copy_from(&Env::from_raw(env), bytes)?;
        // SAFETY: napi calls this on the environment's thread, with that environment, in which the memory was just made.
        unsafe { ArrayBuffer::to_napi_value(env, copy) }
    }
}
