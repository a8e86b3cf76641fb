//! A question of JavaScript to a heap snapshot.

use napi_derive::napi;
use rs_profiler_core::analyze::heap::ClassFilter;
use rs_profiler_core::model::heap::SnapshotObjectId;

use crate::analysis::{Class, Question};
use crate::error::{Error, Result};

/// What is asked.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum HeapQuestion {
    Summary,
    Statistics,
    Classes,
    Compare,
    Node,
    Dominated,
    Retainers,
    RetainingPath,
    AllocationStack,
    Instances,
    DuplicatedStrings,
    DominatorTree,
}

/// The filters of the class table.
#[napi(string_enum = "camelCase")]
#[derive(Clone, Copy)]
pub enum HeapClassFilter {
    DuplicatedStrings,
    RetainedByDetachedDom,
    RetainedByConsole,
    RetainedByContexts,
    RetainedByEventHandlers,
}

impl From<HeapClassFilter> for ClassFilter {
    fn from(filter: HeapClassFilter) -> ClassFilter {
        match filter {
            HeapClassFilter::DuplicatedStrings => ClassFilter::DuplicatedStrings,
            HeapClassFilter::RetainedByDetachedDom => ClassFilter::RetainedByDetachedDom,
            HeapClassFilter::RetainedByConsole => ClassFilter::RetainedByConsole,
            HeapClassFilter::RetainedByContexts => ClassFilter::RetainedByContexts,
            HeapClassFilter::RetainedByEventHandlers => ClassFilter::RetainedByEventHandlers,
        }
    }
}

/// A question with what it needs; fields that it does not need are not looked at.
#[napi(object, object_to_js = false)]
pub struct NativeHeapQuestion {
    pub question: HeapQuestion,
    /// V8's id of a node.
    pub id: Option<u32>,
    /// Most rows; without it all.
    pub limit: Option<u32>,
    pub filter: Option<HeapClassFilter>,
    pub class_id: Option<u32>,
    pub class_name: Option<String>,
    /// From 0 to 1.
    pub least_share: Option<f64>,
    pub deepest: Option<u32>,
}

impl NativeHeapQuestion {
    fn wanted_id(&self) -> Result<SnapshotObjectId> {
        let missing = || Error::InvalidArgument("This question needs the id of a node.".into());
        self.id.map(SnapshotObjectId).ok_or_else(missing)
    }

    pub(super) fn asked(&self) -> Result<Question> {
        let limit = self.limit.map_or(usize::MAX, |limit| limit as usize);
        Ok(match self.question {
            HeapQuestion::Summary => Question::Summary,
            HeapQuestion::Statistics => Question::Statistics,
            HeapQuestion::Classes => Question::Classes {
                filter: self.filter.map(ClassFilter::from),
                limit,
            },
            HeapQuestion::Compare => Question::Compare { limit },
            HeapQuestion::Node => Question::Node(self.wanted_id()?),
            HeapQuestion::Dominated => Question::Dominated {
                id: self.wanted_id()?,
                limit,
            },
            HeapQuestion::Retainers => Question::Retainers {
                id: self.wanted_id()?,
                limit,
            },
            HeapQuestion::RetainingPath => Question::RetainingPath(self.wanted_id()?),
            HeapQuestion::AllocationStack => Question::AllocationStack(self.wanted_id()?),
            HeapQuestion::Instances => Question::Instances {
                class: match (self.class_id, &self.class_name) {
                    (Some(number), Some(name)) => Class::Row {
                        number,
                        name: name.clone(),
                    },
                    (Some(number), None) => Class::Number(number),
                    (None, Some(name)) => Class::Name(name.clone()),
                    (None, None) => return Err(Error::InvalidArgument("This question needs a class.".into())),
                },
                limit,
            },
            HeapQuestion::DuplicatedStrings => Question::DuplicatedStrings { limit },
            HeapQuestion::DominatorTree => Question::DominatorTree {
                id: self.id.map(SnapshotObjectId),
                least_share: self.least_share.unwrap_or(0.0),
                deepest: self.deepest.unwrap_or(u32::MAX),
            },
        })
    }
}
