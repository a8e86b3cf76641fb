//! Values of JavaScript by their address in a handle scope, bound to the N-API callback that has this scope.

use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr::NonNull;

/// The N-API callback that is running for `'cb`: V8 may make values in its handle scope. Not `Send`.
#[derive(Clone, Copy)]
pub struct CallbackScope<'cb> {
    _callback: PhantomData<(&'cb (), *mut ())>,
}

impl<'cb> CallbackScope<'cb> {
    /// # Safety
    ///
    /// An N-API callback must be running on this thread, at least for `'cb`.
    pub unsafe fn new() -> CallbackScope<'cb> {
        CallbackScope { _callback: PhantomData }
    }
}

/// A `napi_value` of a callback, which cannot outlive it. Not `Send`.
#[derive(Clone, Copy)]
pub struct LocalValue<'cb> {
    raw: NonNull<c_void>,
    _scope: CallbackScope<'cb>,
}

impl<'cb> LocalValue<'cb> {
    /// # Safety
    ///
    /// `raw` must be a `napi_value` in the handle scope of the callback that `scope` stands for.
    pub unsafe fn new(raw: NonNull<c_void>, scope: CallbackScope<'cb>) -> LocalValue<'cb> {
        LocalValue { raw, _scope: scope }
    }

    pub fn as_raw(self) -> *mut c_void {
        self.raw.as_ptr()
    }
}
