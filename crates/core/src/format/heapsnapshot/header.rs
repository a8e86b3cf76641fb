//! The counts at the beginning of a heap snapshot.

use serde_json::{Deserializer, Value};

use crate::model::Bytes;
use crate::{Error, Result, Where};

/// How V8 begins the text.
const BEGINNING: &[u8] = b"{\"snapshot\":";

/// What the header of a heap snapshot says of its size.
///
/// ```
/// use rs_profiler_core::format::heapsnapshot::Header;
/// let header = Header::parse(br#"{"snapshot":{"meta":{},"node_count":12,"edge_count":34,"trace_function_count":0},"nodes":["#)?;
/// assert_eq!(header, Header { nodes: 12, edges: 34, trace_functions: 0 });
/// # Ok::<(), rs_profiler_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// `node_count`.
    pub nodes: u64,
    /// `edge_count`.
    pub edges: u64,
    /// `trace_function_count`: functions in the stacks of allocations, 0 when none are recorded.
    pub trace_functions: u64,
}

impl Header {
    /// Reads the first bytes of a text, as V8 writes them (some 1,500 bytes); what follows the header is not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::NotASnapshot`] when the text does not begin as a heap snapshot does, the header is not whole, or it lacks
    /// a count.
    pub fn parse(beginning: &[u8]) -> Result<Header> {
        let fail = |offset: usize, reason: &'static str| Error::NotASnapshot {
            at: Where {
                section: "snapshot",
                offset: Bytes::from_bytes(offset as u64),
                node: None,
            },
            reason,
        };
        let object = beginning
            .strip_prefix(BEGINNING)
            .ok_or(fail(0, "the object \"snapshot\" should begin"))?;
        let mut values = Deserializer::from_slice(object).into_iter::<Value>();
        let Some(Ok(header)) = values.next() else {
            return Err(fail(BEGINNING.len() + values.byte_offset(), "the header is not whole"));
        };
        let end = BEGINNING.len() + values.byte_offset();
        let count = |key, reason| header[key].as_u64().ok_or(fail(end, reason));
        Ok(Header {
            nodes: count("node_count", "the header ends without node_count")?,
            edges: count("edge_count", "the header ends without edge_count")?,
            trace_functions: header["trace_function_count"].as_u64().unwrap_or(0),
        })
    }
}
