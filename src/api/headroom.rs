//! `NativeHeadroom.sample`: what lib/headroom.js needs to estimate the cost of a snapshot, and JavaScript cannot see.

use std::path::Path;
use std::sync::mpsc::channel;

use napi::bindgen_prelude::{Env, Object, Result};
use napi::JsDeferred;
use napi_derive::napi;

use crate::capture::sample_heap;
use crate::error::Error;

/// Estimates for the whole heap.
#[napi(object)]
pub struct NativeHeapSample {
    pub nodes: f64,
    pub edges: f64,
    /// References in the largest array.
    pub longest: f64,
}

/// A place for the function: it has no state.
#[napi]
pub struct NativeHeadroom {}

#[napi]
impl NativeHeadroom {
    /// A promise of an estimate from a sample of V8's memory; of null where there is nothing to sample. `used` is V8's
    /// `used_heap_size`. Works on a thread of its own, for some 10 to 100 ms.
    #[napi(catch_unwind)]
    pub fn sample(env: &Env, used: f64) -> Result<Object<'_>> {
        let (send, receive) = channel();
        // Not a thread of tokio's, which waits for ever where the system gives none (a pids limit). And before the promise:
        // one that nobody settles keeps the process alive.
        let thread = std::thread::Builder::new().name("rs-profiler".to_string());
        let started = thread.spawn(move || {
            // Whatever cannot be read (no /proc, no rights) leaves the estimate to the figures that V8 gives.
            let sample = sample_heap(Path::new("/proc/self"), used as u64).ok().flatten();
            let Ok(deferred): std::result::Result<JsDeferred<_, _>, _> = receive.recv() else {
                return;
            };
            deferred.resolve(move |_| {
                Ok::<_, napi::Error>(sample.map(|sample| NativeHeapSample {
                    nodes: sample.nodes,
                    edges: sample.edges,
                    longest: sample.longest,
                }))
            });
        });
        started.map_err(Error::NoThread)?;
        let (deferred, promise) = env.create_deferred()?;
        // The thread waits for it.
        let _ = send.send(deferred);
        Ok(promise)
    }
}
