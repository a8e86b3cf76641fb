//! Which of V8's frames that are no functions a writer or an analysis keeps.

use super::{CallNode, CallTree, MetaFrame};

/// Which of V8's frames that are no functions are kept, with what is below them.
///
/// ```
/// use rs_profiler_core::model::MetaFilter;
/// let options = MetaFilter::default();
/// assert!(!options.idle && options.program && options.garbage_collector);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetaFilter {
    /// Whether `(idle)` is kept. Default is false: a tool that shows shares should show shares of the active time.
    pub idle: bool,
    /// Whether `(program)`, native code outside JavaScript, is kept. Default is true.
    pub program: bool,
    /// Whether `(garbage collector)` is kept. Default is true.
    pub garbage_collector: bool,
}

impl Default for MetaFilter {
    fn default() -> Self {
        MetaFilter {
            idle: false,
            program: true,
            garbage_collector: true,
        }
    }
}

impl MetaFilter {
    /// Keeps everything, or functions only.
    ///
    /// ```
    /// use rs_profiler_core::model::MetaFilter;
    /// assert!(MetaFilter::with_meta(true).idle && !MetaFilter::with_meta(false).program);
    /// ```
    pub fn with_meta(kept: bool) -> Self {
        MetaFilter {
            idle: kept,
            program: kept,
            garbage_collector: kept,
        }
    }

    /// Whether `node` and what is below it are kept.
    ///
    /// ```
    /// use rs_profiler_core::model::{CallTree, CpuProfile, MetaFilter};
    /// let tree = CallTree::of_cpu_profile(&CpuProfile::empty(0, 9)?)?;
    /// assert!(MetaFilter::default().keeps(&tree, tree.root()));
    /// # Ok::<(), rs_profiler_core::Error>(())
    /// ```
    pub fn keeps(&self, tree: &CallTree, node: CallNode) -> bool {
        match tree.meta(node) {
            Some(MetaFrame::Idle) => self.idle,
            Some(MetaFrame::Program) => self.program,
            Some(MetaFrame::GarbageCollector) => self.garbage_collector,
            Some(MetaFrame::Root) | None => true,
        }
    }
}
