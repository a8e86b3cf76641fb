//! Functions of JavaScript that other threads call.

use napi::bindgen_prelude::{Function, JsValuesTupleIntoVec, Result};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi::Status;

/// What has a function called on its thread, soon; `false` when that takes no calls any more. It does not keep the process alive.
pub(super) fn teller<T: JsValuesTupleIntoVec + Send + 'static>(
    function: Function<'_, T, ()>,
) -> Result<impl Fn(T) -> bool + Send + 'static> {
    let function = function.build_threadsafe_function().weak::<true>().build()?;
    Ok(move |value: T| function.call(value, ThreadsafeFunctionCallMode::NonBlocking) == Status::Ok)
}
