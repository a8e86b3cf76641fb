//! Promises that other threads settle.

use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{Env, Object, Result, ToNapiValue};

use crate::error::Result as OurResult;

/// Settles a promise, from any thread.
pub type Settle<T> = Box<dyn FnOnce(OurResult<T>) + Send>;

/// A promise of what `start` hands to the callback that it is given, later and on whatever thread, as `into` presents it. When
/// `start` fails the promise is rejected: it is always settled, and so never keeps the process alive for nothing.
pub fn promise<'env, T: Send + 'static, R: ToNapiValue + 'static>(
    env: &'env Env,
    into: fn(T) -> R,
    start: impl FnOnce(Settle<T>) -> OurResult<()>,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let deferred = Arc::new(Mutex::new(Some(deferred)));
    let settle = move |result: OurResult<T>| {
        let deferred = deferred.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (deferred, result) {
            (Some(deferred), Ok(value)) => deferred.resolve(move |_| Ok(into(value))),
            (Some(deferred), Err(error)) => deferred.reject(error.into()),
            (None, _) => {}
        }
    };
    if let Err(error) = start(Box::new(settle.clone())) {
        settle(Err(error));
    }
    Ok(promise)
}
