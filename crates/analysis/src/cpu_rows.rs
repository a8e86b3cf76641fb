//! Answers of the core's call analysis as JSON rows. Times are milliseconds, shares are from 0 to 1, lines and columns
//! start at 1 and 0 is unknown.

use serde_json::{json, Map, Value};

use rs_profiler_core::analyze::calls::{
    CallAnalysis, HotOptions, Matched, MergedIndex, MergedTree, NeighbourRow, Share, TimeModel, TreeOptions,
};
use rs_profiler_core::model::{FunctionIndex, Weight};

use crate::error::{Error, Result};
use crate::task::limit_of;

/// Microseconds in a millisecond.
const US_PER_MS: f64 = 1e3;
/// Trees are never deeper: their readers may recurse.
const DEEPEST: u32 = 256;

/// The answer to `question`.
pub fn answer(analysis: &CallAnalysis, base: Option<&CallAnalysis>, question: &str, options: &Value) -> Result<Value> {
    match &options["timeModel"] {
        Value::Null => answer_by(TimeModel::Deltas, analysis, base, question, options),
        Value::String(model) if model == "deltas" => answer_by(TimeModel::Deltas, analysis, base, question, options),
        Value::String(model) if model == "hits" => {
            let base = base.map(CallAnalysis::by_hits);
            answer_by(TimeModel::Hits, &analysis.by_hits(), base.as_ref(), question, options)
        }
        _ => Err(Error::InvalidArgument(
            "timeModel must be 'deltas' or 'hits'.".to_owned(),
        )),
    }
}

fn answer_by(
    model: TimeModel,
    analysis: &CallAnalysis,
    base: Option<&CallAnalysis>,
    question: &str,
    options: &Value,
) -> Result<Value> {
    let rows = Rows { analysis, model };
    let limit = limit_of(options)?;
    Ok(match question {
        "summary" => rows.summary(),
        "top" => {
            let all = analysis.functions();
            let all = all
                .into_iter()
                .filter(|row| !row.category.is_meta() || !row.self_weight.is_zero());
            all.take(limit)
                .map(|row| {
                    let mut object = rows.function(row.function);
                    rows.weights(&mut object, row.self_weight, row.total_weight);
                    object.insert("nodes".into(), row.nodes.into());
                    object
                })
                .collect()
        }
        "callers" => rows.neighbours(analysis.callers(rows.number(options)?), limit),
        "callees" => rows.neighbours(analysis.callees(rows.number(options)?), limit),
        "lines" => {
            let line = |line: rs_profiler_core::analyze::calls::LineRow| {
                let function = analysis.tree().frame(line.function);
                json!({
                    "url": line.url, "lineNumber": line.line, "functionName": function.function_name,
                    "selfHits": line.weight.count, "selfMs": rows.ms(line.weight), "selfShare": rows.share(line.weight),
                })
            };
            analysis.lines().into_iter().take(limit).map(line).collect()
        }
        "groups" => {
            let group = |group: rs_profiler_core::analyze::calls::GroupRow| {
                let mut object = Map::new();
                object.insert("group".into(), group.category.label().into());
                object.insert("functions".into(), group.functions.into());
                rows.weights(&mut object, group.self_weight, group.total_weight);
                object
            };
            analysis.groups().into_iter().take(limit).map(group).collect()
        }
        "hot" => {
            let mut wanted = HotOptions::default();
            if let Some(share) = options["selfShare"].as_f64() {
                wanted.self_share = Share::new(share);
            }
            let hot = analysis.hot(wanted).into_iter().take(limit).map(|hot| {
                let mut object = rows.function(hot.function);
                object.insert("selfShare".into(), hot.self_share.fraction().into());
                object.insert("reasons".into(), hot.reasons.iter().map(ToString::to_string).collect());
                object
            });
            hot.collect()
        }
        "tree" => rows.tree(options),
        "compare" => {
            let base = base.ok_or_else(|| Error::InvalidArgument("A comparison needs a base.".to_owned()))?;
            rows.changes(base, limit)
        }
        other => return Err(Error::InvalidArgument(format!("There is no question {other:?}."))),
    })
}

struct Rows<'a> {
    analysis: &'a CallAnalysis,
    model: TimeModel,
}

impl Rows<'_> {
    fn ms(&self, weight: Weight) -> f64 {
        self.analysis.microseconds(weight, self.model) / US_PER_MS
    }

    fn share(&self, weight: Weight) -> f64 {
        let active = self.ms(self.analysis.summary().active);
        if active > 0.0 {
            self.ms(weight) / active
        } else {
            0.0
        }
    }

    fn summary(&self) -> Value {
        let summary = self.analysis.summary();
        json!({
            "durationMs": summary.duration_us as f64 / US_PER_MS,
            "unsampledMs": summary.unsampled_us as f64 / US_PER_MS,
            "hits": summary.total.count,
            "totalMs": self.ms(summary.total),
            "activeMs": self.ms(summary.active),
            "idleMs": self.ms(summary.idle),
            "programMs": self.ms(summary.program),
            "garbageCollectorMs": self.ms(summary.garbage_collector),
            "functions": self.analysis.tree().functions().len(),
            "nodes": self.analysis.tree().nodes().len(),
        })
    }

    /// The fields that name a function. `id` is for questions about it.
    fn function(&self, function: FunctionIndex) -> Map<String, Value> {
        let frame = self.analysis.tree().frame(function);
        let group = self.analysis.function(function).map_or("", |row| row.category.label());
        let mut object = Map::new();
        object.insert("id".into(), function.index().into());
        object.insert("functionName".into(), (&*frame.function_name).into());
        object.insert("url".into(), (&*frame.url).into());
        object.insert("lineNumber".into(), frame.line.into());
        object.insert("columnNumber".into(), frame.column.into());
        object.insert("group".into(), group.into());
        object
    }

    fn weights(&self, object: &mut Map<String, Value>, own: Weight, total: Weight) {
        for (prefix, weight) in [("self", own), ("total", total)] {
            object.insert(format!("{prefix}Hits"), weight.count.into());
            object.insert(format!("{prefix}Ms"), self.ms(weight).into());
            object.insert(format!("{prefix}Share"), self.share(weight).into());
        }
    }

    /// The function that `options.function` names by its `id`.
    fn number(&self, options: &Value) -> Result<FunctionIndex> {
        let id = options["function"].as_u64();
        let known = self
            .analysis
            .tree()
            .functions()
            .find(|function| Some(function.index() as u64) == id);
        known.ok_or_else(|| {
            let count = self.analysis.tree().functions().len();
            Error::InvalidArgument(format!("function must be the id of one of the {count} functions."))
        })
    }

    fn neighbours(&self, found: Vec<NeighbourRow>, limit: usize) -> Value {
        let row = |row: NeighbourRow| {
            let mut object = self.function(row.function);
            self.weights(&mut object, row.self_weight, row.total_weight);
            object
        };
        found.into_iter().take(limit).map(row).collect()
    }

    /// The nodes of a tree as a list, level by level: children of a node are neighbours. Functions stand beside them.
    fn tree(&self, options: &Value) -> Value {
        let mut wanted = TreeOptions::default();
        wanted.meta.idle = options["idle"].as_bool().unwrap_or(false);
        wanted.meta.program = options["program"].as_bool().unwrap_or(true);
        wanted.meta.garbage_collector = options["garbageCollector"].as_bool().unwrap_or(true);
        wanted.least_share = options["leastShare"].as_f64().unwrap_or(wanted.least_share);
        let deepest = options["deepest"]
            .as_u64()
            .and_then(|deepest| u32::try_from(deepest).ok());
        wanted.deepest = deepest.unwrap_or(DEEPEST).min(DEEPEST);
        let tree: MergedTree = match options["bottomUp"].as_bool() {
            Some(true) => self.analysis.bottom_up(wanted),
            _ => self.analysis.top_down(wanted),
        };
        let mut nodes = Vec::with_capacity(tree.node_count());
        let mut next = vec![MergedIndex::ROOT];
        while !next.is_empty() {
            let mut below = Vec::new();
            for index in next {
                let Some(node) = tree.node(index) else { continue };
                let mut object = Map::new();
                object.insert("function".into(), node.function.map(FunctionIndex::index).into());
                self.weights(&mut object, node.self_weight, node.total_weight);
                object.insert("children".into(), tree.children(index).len().into());
                nodes.push(object);
                below.extend(tree.children(index));
            }
            next = below;
        }
        let functions: Vec<_> = self
            .analysis
            .tree()
            .functions()
            .map(|function| self.function(function))
            .collect();
        json!({ "functions": functions, "nodes": nodes })
    }

    fn changes(&self, base: &CallAnalysis, limit: usize) -> Value {
        let of_base = Rows {
            analysis: base,
            model: self.model,
        };
        let changes = self.analysis.compare(base).into_iter().take(limit);
        let changes = changes.map(|change| {
            let mut object = match (change.function, change.base_function) {
                (Some(function), _) => self.function(function),
                (None, Some(function)) => of_base.function(function),
                (None, None) => Map::new(),
            };
            if change.function.is_none() {
                object.insert("id".into(), Value::Null);
            }
            let matched = match change.matched {
                Matched::ByPlace => "place",
                Matched::ByName => "name",
                Matched::New => "new",
                Matched::Gone => "gone",
            };
            object.insert("matched".into(), matched.into());
            self.weights(&mut object, change.self_weight, change.total_weight);
            let mut before = Map::new();
            of_base.weights(&mut before, change.base_self_weight, change.base_total_weight);
            object.insert("base".into(), before.into());
            object.insert("selfShareGrowth".into(), change.self_growth.fraction().into());
            object.insert("totalShareGrowth".into(), change.total_growth.fraction().into());
            object
        });
        changes.collect()
    }
}
