//! The one file outside `v8` that touches raw N-API values: those that go to V8 and come from it.

use napi::bindgen_prelude::{FromNapiValue, JsValue, Unknown};
use napi::Env;

/// The `napi_value` behind a JavaScript value of the running callback.
pub fn to_raw(value: &Unknown<'_>) -> *mut std::ffi::c_void {
    value.raw().cast()
}

/// A `napi_value` that V8 made in the running callback, as a JavaScript value of it.
pub fn from_raw<'env>(env: &'env Env, value: *mut std::ffi::c_void) -> napi::Result<Unknown<'env>> {
    // SAFETY: `Isolate::find_object` made the value in the handle scope of the callback that `env` belongs to.
    unsafe { Unknown::from_napi_value(env.raw(), value.cast()) }
}
