//! Rows of answers: what the core found out, as fields.

use serde_json::Value;

use rs_profiler_core::analyze::heap::{
    ClassRow, ComparisonRow, DuplicatedString, HeapAnalysis, HeapComparison, MatchedBy, Retainer,
};
use rs_profiler_core::model::heap::{AllocationFrame, NodeIndex, SourceLocation};

use super::json::{Fields, Json};
use super::work::Work;
use crate::error::Result;

/// Objects named per duplicated string.
const NAMED: usize = 10;

/// Writes rows about one snapshot, until the work is given up.
pub(super) struct Rows<'a> {
    pub(super) analysis: &'a HeapAnalysis,
    pub(super) work: &'a Work,
}

impl Rows<'_> {
    fn id(&self, node: NodeIndex) -> u32 {
        self.analysis.graph().id(node).0
    }

    fn place(&self, fields: &mut Fields<'_>, location: Option<SourceLocation>) -> Result<()> {
        match location.and_then(|location| self.analysis.place(location)) {
            None => fields.field("place", Value::Null),
            Some(place) => fields.object("place", |fields| {
                fields
                    .field("url", place.url)
                    .field("lineNumber", place.line)
                    .field("columnNumber", place.column);
                Ok(())
            })?,
        };
        Ok(())
    }

    /// The fields of an object.
    pub(super) fn node(&self, fields: &mut Fields<'_>, node: NodeIndex) -> Result<()> {
        self.work.check()?;
        let object = self.analysis.object(node);
        fields
            .field("id", object.id.0)
            .field("name", object.name)
            .field("type", self.analysis.graph().kind_name(object.kind))
            .field("className", self.analysis.class_name(object.class))
            .field("distance", object.distance)
            .field("shallowSize", object.shallow_size)
            .field("retainedSize", object.retained_size)
            .field("detached", object.detached);
        self.place(fields, object.location)
    }

    pub(super) fn nodes(&self, nodes: &[NodeIndex], limit: usize) -> Result<String> {
        Json::of_rows(nodes.iter().take(limit), |fields, &node| self.node(fields, node))
    }

    pub(super) fn retainers(&self, retainers: &[Retainer], limit: usize) -> Result<String> {
        Json::of_rows(retainers.iter().take(limit), |fields, retainer| {
            self.node(fields, retainer.from)?;
            fields
                .field("edgeType", retainer.edge.kind.name())
                .field("edgeName", self.analysis.graph().edge_name(&retainer.edge))
                .field("toId", self.id(retainer.edge.to));
            Ok(())
        })
    }

    pub(super) fn classes(&self, rows: &[ClassRow], limit: usize) -> Result<String> {
        Json::of_rows(rows.iter().take(limit), |fields, row| {
            self.work.check()?;
            fields
                .field("id", row.class.0)
                .field("name", row.name.as_str())
                .field("count", row.count)
                .field("shallowSize", row.shallow_size)
                .field("retainedSize", row.retained_size)
                .field("distance", row.distance);
            self.place(fields, row.location)
        })
    }

    pub(super) fn comparison(&self, base: &HeapAnalysis, found: &HeapComparison, limit: usize) -> Result<String> {
        let matched_by = match found.matched_by {
            MatchedBy::Id => "id",
            MatchedBy::Shape => "shape",
        };
        Json::of_object(|fields| {
            fields
                .field("matchedBy", matched_by)
                .field("baseTotalSize", base.total_size())
                .field("totalSize", self.analysis.total_size())
                .field("baseNativeSize", base.native_size())
                .field("nativeSize", self.analysis.native_size())
                .rows("rows", found.rows.iter().take(limit), |fields, row| {
                    self.change(fields, row)
                })?;
            Ok(())
        })
    }

    fn change(&self, fields: &mut Fields<'_>, row: &ComparisonRow) -> Result<()> {
        self.work.check()?;
        fields
            .field("name", row.name.as_str())
            .field("addedCount", row.added)
            .field("removedCount", row.removed)
            .field("countDelta", row.count_delta())
            .field("addedSize", row.added_size)
            .field("removedSize", row.removed_size)
            .field("sizeDelta", row.size_delta());
        self.place(fields, row.location)
    }

    pub(super) fn strings(&self, found: &[DuplicatedString], limit: usize) -> Result<String> {
        Json::of_rows(found.iter().take(limit), |fields, row| {
            self.work.check()?;
            let ids: Vec<u32> = row.nodes.iter().take(NAMED).map(|&node| self.id(node)).collect();
            fields
                .field("text", row.text.as_str())
                .field("count", row.nodes.len())
                .field("shallowSize", row.shallow_size)
                .field("retainedSize", row.retained_size)
                .field("ids", ids);
            Ok(())
        })
    }

    pub(super) fn stack(&self, frames: &[AllocationFrame]) -> Result<String> {
        Json::of_rows(frames, |fields, frame| {
            fields
                .field("functionName", frame.function.as_str())
                .field("url", frame.url.as_str())
                .field("lineNumber", frame.line)
                .field("columnNumber", frame.column);
            Ok(())
        })
    }

    /// What a node dominates, of `least` bytes at least, in `levels` levels.
    pub(super) fn tree(&self, fields: &mut Fields<'_>, node: NodeIndex, least: u64, levels: u32) -> Result<()> {
        self.node(fields, node)?;
        let children = self.analysis.dominated(node);
        let is_big = |child: &&NodeIndex| levels > 0 && self.analysis.retained_size(**child) >= least;
        let big = children.iter().take_while(is_big);
        fields
            .field("dominated", children.len())
            .rows("children", big, |fields, &child| {
                self.tree(fields, child, least, levels - 1)
            })?;
        Ok(())
    }
}
