//! The one file outside `v8` that touches raw N-API values: those that go to V8 and come from it.

use napi::bindgen_prelude::{BufferSlice, FromNapiValue, JsValue, ToNapiValue, Unknown};
use napi::{sys, Env};

/// The `napi_value` behind a JavaScript value of the running callback.
pub fn to_raw(value: &Unknown<'_>) -> *mut std::ffi::c_void {
    value.raw().cast()
}

/// A `napi_value` that V8 made in the running callback, as a JavaScript value of it.
pub fn from_raw<'env>(env: &'env Env, value: *mut std::ffi::c_void) -> napi::Result<Unknown<'env>> {
    // SAFETY: `Isolate::find_object` made the value in the handle scope of the callback that `env` belongs to.
    unsafe { Unknown::from_napi_value(env.raw(), value.cast()) }
}

/// Bytes that become a Buffer in memory of Node's own. Not memory of ours that Node only points to: that could not be
/// transferred to another thread.
pub struct OwnBuffer(pub Vec<u8>);

impl ToNapiValue for OwnBuffer {
    unsafe fn to_napi_value(env: sys::napi_env, OwnBuffer(bytes): Self) -> napi::Result<sys::napi_value> {
        let buffer = BufferSlice::copy_from(&Env::from_raw(env), bytes)?;
        // SAFETY: napi calls this on the environment's thread, with that environment, in which the buffer was just made.
        unsafe { BufferSlice::to_napi_value(env, buffer) }
    }
}
