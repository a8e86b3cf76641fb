//! Frames that are not functions: V8's own notes of what happened outside JavaScript.

use super::CallFrame;

/// What a frame without a function stands for.
///
/// A user's function may have such a name; the frames meant here have no script and hang directly below the root.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, MetaFrame};
/// assert_eq!(MetaFrame::of(&CallFrame::root()), Some(MetaFrame::Root));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetaFrame {
    /// `(root)`: the top of the tree.
    Root,
    /// `(program)`: native code that no JavaScript function called.
    Program,
    /// `(garbage collector)`.
    GarbageCollector,
    /// `(idle)`: nothing to do.
    Idle,
}

impl MetaFrame {
    /// What `frame` stands for, if it stands at the root or directly below it.
    ///
    /// ```
    /// use rs_profiler_core::model::{CallFrame, MetaFrame};
    /// let frame = CallFrame { function_name: "(idle)".into(), ..CallFrame::default() };
    /// assert_eq!(MetaFrame::of(&frame), Some(MetaFrame::Idle));
    /// assert_eq!(MetaFrame::of(&CallFrame { script_id: 7, ..frame }), None);
    /// ```
    pub fn of(frame: &CallFrame<'_>) -> Option<MetaFrame> {
        if frame.script_id != 0 || !frame.url.is_empty() {
            return None;
        }
        Some(match &*frame.function_name {
            "(root)" => MetaFrame::Root,
            "(program)" => MetaFrame::Program,
            "(garbage collector)" => MetaFrame::GarbageCollector,
            "(idle)" => MetaFrame::Idle,
            _ => return None,
        })
    }
}
