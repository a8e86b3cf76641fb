//! Promises that other threads settle.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{Env, Object, Result, ToNapiValue};

use crate::error::{Error, Result as OurResult};

thread_local! {
    /// What stays on this thread while another one works for it.
    static PARKED: RefCell<HashMap<u64, Box<dyn Any>>> = RefCell::default();
    static LAST_KEY: Cell<u64> = const { Cell::new(0) };
}

/// Keeps a value here; other threads may carry its key.
fn park(value: impl Any) -> u64 {
    let key = LAST_KEY.get() + 1;
    LAST_KEY.set(key);
    PARKED.with_borrow_mut(|parked| parked.insert(key, Box::new(value)));
    key
}

/// Takes back what this thread has parked.
fn unpark<T: Any>(key: u64) -> Option<T> {
    let value = PARKED.with_borrow_mut(|parked| parked.remove(&key));
    value.and_then(|value| value.downcast().ok()).map(|value| *value)
}

/// Settles a promise, from any thread.
pub type Settle<T> = Box<dyn FnOnce(OurResult<T>) + Send>;

/// A promise of what `start` hands to the callback that it is given, later and on whatever thread, as `finish` makes it on this
/// one. When `start` fails the promise is rejected: it is always settled, and so never keeps the process alive for nothing.
pub fn promise<'env, T: Send + 'static, R: ToNapiValue + 'static>(
    env: &'env Env,
    finish: impl FnOnce(OurResult<T>) -> OurResult<R> + 'static,
    start: impl FnOnce(Settle<T>) -> OurResult<()>,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let key = park(Box::new(finish) as Finish<T, R>);
    let deferred = Arc::new(Mutex::new(Some(deferred)));
    let settle = move |result: OurResult<T>| {
        let deferred = deferred.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(deferred) = deferred {
            deferred.resolve(move |_| Ok(finished::<T, R>(key, result)?));
        }
    };
    if let Err(error) = start(Box::new(settle.clone())) {
        settle(Err(error));
    }
    Ok(promise)
}

type Finish<T, R> = Box<dyn FnOnce(OurResult<T>) -> OurResult<R>>;

/// Finishes, where N-API calls without a net for panics.
fn finished<T: 'static, R: 'static>(key: u64, result: OurResult<T>) -> OurResult<R> {
    let finish = || match unpark::<Finish<T, R>>(key) {
        Some(finish) => finish(result),
        None => Err(Error::Closed),
    };
    catch_unwind(AssertUnwindSafe(finish))
        .unwrap_or_else(|_| Err(Error::Internal("what follows a finished task panicked".into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parked_is_there_once_and_only_here() {
        let (first, second) = (park("first"), park(2_u8));
        let elsewhere = std::thread::spawn(move || unpark::<&str>(first)).join().ok().flatten();
        assert_eq!(elsewhere, None);
        assert_eq!((unpark::<&str>(first), unpark::<u8>(second)), (Some("first"), Some(2)));
        assert_eq!(unpark::<&str>(first), None);
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let panicking: Finish<(), ()> = Box::new(|_| std::panic::resume_unwind(Box::new(())));
        let finished = finished::<(), ()>(park(panicking), Ok(()));
        assert!(matches!(finished, Err(Error::Internal(_))));
    }
}
