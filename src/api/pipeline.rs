//! What is to be done with the text of a snapshot, and what came out, as JavaScript says it.

use std::path::Path;

use napi_derive::napi;
use rs_profiler_core::format::heapsnapshot_redact::KeySalt;

use crate::error::{Error, Result};
use crate::sink::{Compression, Engine, Pattern, PipelineOptions, Produced, RedactRequest};

/// One regular expression.
#[napi(object)]
pub struct KeepRequest {
    pub source: String,
    pub flags: String,
}

/// See `lib/snapshot-options.js`.
#[napi(object)]
pub struct PipelineRequest {
    /// JSON, for the header.
    pub mark: Option<String>,
    /// `none`, `gzip` or `zstd`.
    pub compress: String,
    pub compress_level: Option<u32>,
    /// Patterns of what stays; without, nothing is redacted.
    pub keep: Option<Vec<KeepRequest>>,
    /// The analysis addon, which has the engine for them.
    pub patterns_from: Option<String>,
    /// 16 bytes in hex, to hash keys with; without, they stay.
    pub salt: Option<String>,
}

impl PipelineRequest {
    /// Checks it.
    pub fn options(self) -> Result<PipelineOptions> {
        let compression = Compression::from_option(&self.compress, self.compress_level).ok_or_else(|| {
            Error::InvalidArgument(format!(
                "compressLevel {} does not exist for {}: gzip knows 1 to 9, zstd 1 to 19.",
                self.compress_level.unwrap_or_default(),
                self.compress
            ))
        })?;
        let redact = match self.keep {
            Some(keep) => Some(RedactRequest {
                salt: self.salt.as_deref().and_then(KeySalt::from_hex),
                keep: patterns(keep, self.patterns_from)?,
            }),
            None => None,
        };
        Ok(PipelineOptions {
            mark: self.mark,
            compression,
            redact,
        })
    }
}

fn patterns(keep: Vec<KeepRequest>, from: Option<String>) -> Result<Vec<Pattern>> {
    if keep.is_empty() {
        return Ok(Vec::new());
    }
    let from = from.ok_or_else(|| Error::Internal("patterns without an engine".into()))?;
    let engine = Engine::load(Path::new(&from))?;
    let pattern = |KeepRequest { source, flags }| Pattern { engine, source, flags };
    Ok(keep.into_iter().map(pattern).collect())
}

/// What came out.
#[napi(object)]
pub struct ProducedReport {
    pub bytes: f64,
    pub text_bytes: f64,
    pub nodes: f64,
    pub edges: f64,
    /// Strings of the table that were looked at, when something was redacted.
    pub strings: f64,
    pub blanked: f64,
    pub blanked_units: f64,
    pub weak_pairs: f64,
    pub keys: f64,
    pub indexes: f64,
    pub kept: f64,
}

impl From<Produced> for ProducedReport {
    fn from(produced: Produced) -> ProducedReport {
        let redacted = produced.redacted;
        ProducedReport {
            bytes: produced.bytes as f64,
            text_bytes: produced.text_bytes as f64,
            nodes: produced.counts.nodes as f64,
            edges: produced.counts.edges as f64,
            strings: redacted.strings as f64,
            blanked: redacted.blanked as f64,
            blanked_units: redacted.blanked_units as f64,
            weak_pairs: redacted.weak_pairs as f64,
            keys: redacted.keys as f64,
            indexes: redacted.indexes as f64,
            kept: redacted.kept as f64,
        }
    }
}
