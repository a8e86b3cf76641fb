//! What JavaScript hears of a text that was written to a file.

use std::time::Duration;

use napi_derive::napi;

use crate::sink::Report;

/// What was written. Counts are those of the format: nodes and edges of a snapshot, nodes and samples of a profile.
#[napi(object, object_from_js = false)]
pub struct FileReport {
    pub bytes: f64,
    pub nodes: Option<f64>,
    pub edges: Option<f64>,
    pub samples: Option<f64>,
    /// Milliseconds for which a snapshot held the isolate's thread.
    pub pause_ms: Option<f64>,
}

impl FileReport {
    pub fn with_pause(self, pause: Duration) -> FileReport {
        FileReport {
            pause_ms: Some(pause.as_secs_f64() * 1e3),
            ..self
        }
    }
}

impl From<Report> for FileReport {
    fn from(Report { bytes, counts }: Report) -> Self {
        FileReport {
            bytes: bytes as f64,
            nodes: counts.nodes.map(|nodes| nodes as f64),
            edges: counts.edges.map(|edges| edges as f64),
            samples: counts.samples.map(|samples| samples as f64),
            pause_ms: None,
        }
    }
}
