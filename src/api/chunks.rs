//! The chunks of a text, as JavaScript asks for them.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, Object, Result};

use super::options::ReadOptions;
use crate::raw_napi::OwnMemory;
use crate::sink::{runtime, TextStream};

/// See `NativeExport::next`.
pub(super) fn next_chunks<'env>(
    env: &'env Env,
    stream: &Arc<TextStream>,
    options: ReadOptions,
) -> Result<Object<'env>> {
    let joined = options.joined;
    let stream = Arc::clone(stream);
    // A promise is made when nothing can fail any more: one that never settles would keep the process alive.
    let runtime = runtime()?;
    let (deferred, promise) = env.create_deferred()?;
    runtime.spawn(async move {
        match stream.next(joined).await {
            Ok(chunks) => {
                let chunks = chunks.map(|chunks| if joined { vec![chunks.concat()] } else { chunks });
                deferred
                    .resolve(move |_| Ok(chunks.map(|chunks| chunks.into_iter().map(OwnMemory).collect::<Vec<_>>())));
            }
            Err(error) => deferred.reject(error.into()),
        }
    });
    Ok(promise)
}
