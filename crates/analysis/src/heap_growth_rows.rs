//! What leaks and what grew, as JSON rows.

use serde_json::{json, Value};

use rs_profiler_core::analyze::heap::{
    ContainerKind, FoundBy, HeapAnalysis, HeapComparison, KeyPattern, LeakSuspect, MatchedBy, PathStep,
};

use crate::heap_rows::{allocation_frame, edge_type, place, Rows};

impl Rows<'_> {
    pub(crate) fn suspect(&self, suspect: LeakSuspect) -> Value {
        let accumulated = suspect.accumulated;
        json!({
            "id": self.id(suspect.node),
            "sentence": suspect.sentence,
            "container": container(suspect.kind),
            "holder": suspect.holder.as_ref().map(place),
            "retainedSize": suspect.retained_size,
            "shared": suspect.shared,
            "share": suspect.share,
            "offHeapSize": suspect.off_heap_size,
            "accumulated": {
                "className": accumulated.class, "count": accumulated.count, "retainedSize": accumulated.retained_size,
                "parts": accumulated.parts,
                "place": accumulated.place.as_ref().map(place),
                "allocatedBy": accumulated.allocated_by.as_ref().map(allocation_frame),
            },
            "keys": suspect.keys.map(|keys| match keys {
                KeyPattern::Timestamps => "timestamps",
                KeyPattern::Consecutive => "consecutive",
            }),
            "duplicates": suspect.duplicates.map(|found| json!({ "text": found.text, "count": found.count })),
            "growth": suspect.growth.map(|growth| json!({
                "baseRetainedSize": growth.base_retained_size, "baseElements": growth.base_elements,
                "elements": growth.elements,
                "foundBy": match growth.found_by {
                    FoundBy::Id => "id",
                    FoundBy::Path => "path",
                },
            })),
            "path": suspect.path.iter().map(|step| self.step(step)).collect::<Vec<_>>(),
        })
    }

    fn step(&self, step: &PathStep) -> Value {
        json!({
            "id": self.id(step.from), "name": step.from_name, "edgeType": edge_type(step.edge_kind),
            "edgeName": step.edge_name, "toId": self.id(step.to), "place": step.place.as_ref().map(place),
        })
    }

    pub(crate) fn comparison(&self, base: &HeapAnalysis, found: &HeapComparison, limit: usize) -> Value {
        let rows = self.state.wanted(found.rows.iter(), limit).map(|row| {
            json!({
                "name": row.name, "place": self.place(row.location),
                "addedCount": row.added, "removedCount": row.removed, "countDelta": row.count_delta(),
                "addedSize": row.added_size, "removedSize": row.removed_size, "sizeDelta": row.size_delta(),
            })
        });
        let grown = self.state.wanted(found.grown.iter(), limit).map(|object| {
            let mut row = self.node(object.node);
            row.insert("baseRetainedSize".into(), object.base_retained.into());
            row.insert("growth".into(), object.growth().into());
            row.insert("baseElements".into(), object.base_elements.into());
            row.insert("elements".into(), object.elements.into());
            row
        });
        json!({
            "matchedBy": match found.matched_by { MatchedBy::Id => "id", MatchedBy::Shape => "shape" },
            "baseTotalSize": base.total_size(),
            "totalSize": self.analysis.total_size(),
            "baseNativeSize": base.native_size(),
            "nativeSize": self.analysis.native_size(),
            "rows": rows.collect::<Vec<_>>(),
            "grown": grown.collect::<Vec<_>>(),
        })
    }
}

fn container(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Array => "array",
        ContainerKind::Map => "Map",
        ContainerKind::Set => "Set",
        ContainerKind::Dictionary => "dictionary",
        ContainerKind::Listeners => "listeners",
        ContainerKind::ClosureContext => "closure context",
        ContainerKind::ModuleChildren => "module.children",
        ContainerKind::Timers => "timers",
        ContainerKind::PromiseReactions => "promise reactions",
        ContainerKind::LinkedList => "linked list",
        ContainerKind::ConcatenatedString => "concatenated string",
        ContainerKind::FinalizationRegistry => "FinalizationRegistry",
        _ => "object",
    }
}
