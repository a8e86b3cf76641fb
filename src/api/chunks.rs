//! The chunks of a text, as JavaScript asks for them.

use std::sync::Arc;

use napi::bindgen_prelude::{Env, Object, Result};

use super::options::ReadOptions;
use super::promise::promise;
use crate::error::Result as OurResult;
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
    let finish = |chunks: OurResult<Option<Vec<Vec<u8>>>>| {
        chunks.map(|chunks| chunks.map(|chunks| chunks.into_iter().map(OwnMemory).collect::<Vec<_>>()))
    };
    promise(env, finish, |settle| {
        runtime()?.spawn(async move {
            let chunks = stream.next(joined).await;
            settle(chunks.map(|chunks| chunks.map(|chunks| if joined { vec![chunks.concat()] } else { chunks })));
        });
        Ok(())
    })
}
