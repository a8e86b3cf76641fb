//! The quick summary: a snapshot is summed up while it is read, and not kept.

use std::io::Read;
use std::sync::Arc;

use rs_profiler_core::format::heapsnapshot::{summarize, HeapSummaryFile, Progress as ReadProgress, ReadOptions};
use rs_profiler_core::model::heap::{HeapSummary, KindTotal};

use super::facts::Facts;
use super::json::{Fields, Json};
use super::snapshot::Cancellable;
use super::work::{Phase, Work};
use crate::error::Result;

/// Sums up what comes out of `source`. `length` is that of the source, 0 where it is unknown.
pub(super) fn sums(
    source: impl Read + Send,
    length: u64,
    work: &Arc<Work>,
) -> rs_profiler_core::Result<HeapSummaryFile> {
    work.begin(Phase::Read, length);
    let progress = |progress: ReadProgress| work.reach(progress.source_bytes);
    let options = ReadOptions {
        progress: Some(&progress),
        cancel: Some(work.cancelled()),
        ..ReadOptions::default()
    };
    summarize(Cancellable::new(source, work), options)
}

/// The sums as JSON.
pub(super) fn json(file: &HeapSummaryFile) -> Result<String> {
    let HeapSummary {
        nodes,
        edges,
        detached,
        approximate,
        texts,
        text_bytes,
        ..
    } = file.summary;
    let summary = &file.summary;
    let facts = Facts::new(file.text_length, file.truncation);
    let kind = |fields: &mut Fields<'_>, kind: &KindTotal| {
        fields
            .field("type", kind.name.as_str())
            .field("count", kind.count)
            .field("shallowSize", kind.shallow_size);
        Ok(())
    };
    Json::of_object(|fields| {
        fields
            .field("nodes", nodes)
            .field("edges", edges)
            .field("totalSize", summary.total_size())
            .field("detached", detached);
        facts.write(fields)?;
        fields
            .rows("types", &summary.kinds, kind)?
            .rows("edgeTypes", &summary.edge_kinds, |fields, &(kind, count)| {
                fields.field("type", kind.name()).field("count", count);
                Ok(())
            })?
            .rows("names", &summary.names, |fields, row| {
                fields
                    .field("name", row.name.as_str())
                    .field("count", row.count)
                    .field("shallowSize", row.shallow_size)
                    .field("missed", row.missed);
                Ok(())
            })?
            .field("approximate", approximate)
            .object("strings", |fields| {
                fields
                    .field("count", summary.strings.count)
                    .field("shallowSize", summary.strings.shallow_size)
                    .rows("largest", &summary.largest_strings, |fields, string| {
                        fields
                            .field("id", string.id.0)
                            .field("shallowSize", string.shallow_size)
                            .field("text", string.text.as_str());
                        Ok(())
                    })?;
                Ok(())
            })?
            .field("texts", texts)
            .field("textsBytes", text_bytes);
        Ok(())
    })
}
