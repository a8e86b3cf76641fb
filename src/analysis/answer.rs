//! The answer to a question, as JSON. Sizes are bytes, lines and columns count from 1.

use rs_profiler_core::analyze::heap::{AnalysisOptions, ClassRow, HeapAnalysis};
use rs_profiler_core::model::heap::{NodeIndex, SnapshotObjectId};

use super::json::{Fields, Json};
use super::question::{Class, Question};
use super::rows::Rows;
use super::snapshot::{error_of, Indexed, Snapshot};
use super::work::Work;
use crate::error::{Error, Result};

/// Trees are never deeper: their readers may recurse.
const DEEPEST: u32 = 64;

/// Answers `question`. Fails soon after `work` is given up.
pub(super) fn answer(snapshot: &Snapshot, base: Option<&Snapshot>, question: &Question, work: &Work) -> Result<String> {
    work.check()?;
    let analysis = &snapshot.analysis;
    let asking = analysis.asking(AnalysisOptions {
        cancel: Some(work.cancelled()),
        timing: None,
    });
    let rows = Rows { analysis, work };
    let failed = |error| error_of(error, None, work);
    match *question {
        Question::Summary => summary(snapshot),
        Question::Statistics => statistics(analysis),
        Question::Classes { filter: None, limit } => rows.classes(analysis.classes(), limit),
        Question::Classes {
            filter: Some(filter),
            limit,
        } => rows.classes(&asking.classes_filtered(filter).map_err(failed)?, limit),
        Question::Compare { limit } => {
            let base = base.ok_or_else(|| Error::InvalidArgument("A comparison needs a base.".into()))?;
            let found = asking.compare(&base.analysis).map_err(failed)?;
            rows.comparison(&base.analysis, &found, limit)
        }
        Question::Node(id) => {
            let node = node_of(analysis, id)?;
            Json::of_object(|fields| rows.node(fields, node))
        }
        Question::Dominated { id, limit } => rows.nodes(&analysis.dominated(node_of(analysis, id)?), limit),
        Question::Retainers { id, limit } => rows.retainers(&analysis.retainers(node_of(analysis, id)?), limit),
        Question::RetainingPath(id) => {
            let path = analysis.retaining_path(node_of(analysis, id)?);
            rows.retainers(&path, usize::MAX)
        }
        Question::AllocationStack(id) => rows.stack(&analysis.graph().allocation_stack(node_of(analysis, id)?)),
        Question::Instances { ref class, limit } => rows.nodes(&instances(analysis, class)?, limit),
        Question::DuplicatedStrings { limit } => {
            let found = asking.duplicated_strings().map_err(failed)?;
            rows.strings(&found, limit)
        }
        Question::DominatorTree {
            id,
            least_share,
            deepest,
        } => {
            let root = id.map_or_else(|| Ok(analysis.graph().root()), |id| node_of(analysis, id))?;
            // The cast saturates.
            let least = (analysis.total_size() as f64 * least_share).ceil() as u64;
            Json::of_object(|fields| rows.tree(fields, root, least, deepest.min(DEEPEST)))
        }
    }
}

fn node_of(analysis: &HeapAnalysis, id: SnapshotObjectId) -> Result<NodeIndex> {
    let missing = || Error::InvalidArgument(format!("The snapshot has no node with the id {}.", id.0));
    analysis.node_by_id(id).ok_or_else(missing)
}

/// The objects of a class, by retained size. Several classes may have one name.
fn instances(analysis: &HeapAnalysis, class: &Class) -> Result<Vec<NodeIndex>> {
    let is_wanted = |row: &&ClassRow| match class {
        Class::Number(number) => row.class.0 == *number,
        Class::Name(name) => row.name == *name,
        Class::Row { number, name } => row.class.0 == *number && row.name == *name,
    };
    let wanted: Vec<&ClassRow> = analysis.classes().iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        let shown = match class {
            Class::Number(number) => format!("with the id {number}"),
            Class::Name(name) => format!("{name:?}"),
            Class::Row { number, name } => {
                format!("{name:?} with the id {number}: take a row of its own classes, or the name alone")
            }
        };
        return Err(Error::InvalidArgument(format!("The snapshot has no class {shown}.")));
    }
    let mut found: Vec<NodeIndex> = wanted.iter().flat_map(|row| analysis.instances(row.class)).collect();
    found.sort_by_key(|&node| (std::cmp::Reverse(analysis.retained_size(node)), node));
    Ok(found)
}

fn summary(snapshot: &Snapshot) -> Result<String> {
    let analysis = &snapshot.analysis;
    let graph = analysis.graph();
    Json::of_object(|fields| {
        fields
            .field("nodes", graph.node_count())
            .field("edges", graph.edge_count())
            .field("classes", analysis.classes().len())
            .field("totalSize", analysis.total_size());
        snapshot.facts.write(fields)?;
        fields.field(
            "indexed",
            match snapshot.indexed {
                None => None,
                Some(Indexed::Read) => Some("read"),
                Some(Indexed::Written) => Some("written"),
            },
        );
        Ok(())
    })
}

fn statistics(analysis: &HeapAnalysis) -> Result<String> {
    let found = analysis.statistics();
    let native = |fields: &mut Fields<'_>| {
        fields
            .field("total", found.native_total)
            .field("typedArrays", found.typed_arrays);
        Ok(())
    };
    let v8_heap = |fields: &mut Fields<'_>| {
        fields
            .field("total", found.v8_heap_total)
            .field("code", found.code)
            .field("jsArrays", found.js_arrays)
            .field("strings", found.strings)
            .field("system", found.system);
        Ok(())
    };
    Json::of_object(|fields| {
        fields
            .field("total", found.total)
            .object("native", native)?
            .object("v8heap", v8_heap)?;
        Ok(())
    })
}
