//! What `HeapProfiler.stopSampling` of `node:inspector` gives.
//!
//! Oddities: `scriptId` is text, lines and columns start at 0 with -1 for unknown; unlike in a CPU profile paths stay
//! paths and `children` is always there. A sample's `size` is that of all the objects it stands for.

use std::io::Write;

use super::super::call_frame::Dialect;
use super::super::json::JsonWriter;
use super::super::Written;
use super::head;
use crate::model::SamplingHeapProfile;
use crate::Result;

/// Writes the whole text, `{ head, samples }`.
///
/// # Errors
///
/// [`Error::Sink`](crate::Error::Sink), as every writer.
pub fn write(profile: &SamplingHeapProfile, sink: impl Write) -> Result<Written> {
    let mut json = JsonWriter::new(sink);
    let nodes = json.object(|json| {
        json.key("head");
        let nodes = head::write(profile, Dialect::Inspector, json, |node_id, json| {
            json.key("id").integer(node_id.get());
        })?;
        json.key("samples").array(|json| {
            for sample in profile.samples() {
                json.object(|json| {
                    json.key("size").integer(sample.allocation.total_size().as_bytes());
                    json.key("nodeId").integer(sample.node_id.get());
                    json.key("ordinal").integer(sample.sample_id.get());
                });
                json.spill()?;
            }
            Ok(nodes)
        })
    })?;
    json.finish()?;
    Ok(Written {
        nodes,
        samples: profile.samples().len() as u64,
    })
}
