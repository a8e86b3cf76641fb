//! The function a profile node stands for.

use std::borrow::Cow;

use super::{Column, Line, ScriptId};

/// A function and where it is defined.
///
/// Names are borrowed when the source has them as UTF-8, and owned when they had to be repaired.
///
/// ```
/// use rs_profiler_core::model::{CallFrame, Column};
/// let frame = CallFrame { function_name: "main".into(), url: "/srv/app.js".into(), ..CallFrame::default() };
/// assert_eq!(frame.column, Column::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallFrame<'a> {
    /// The function's name, `""` when it has none.
    pub function_name: Cow<'a, str>,
    /// The script's name: a path, a URL, or `""`.
    pub url: Cow<'a, str>,
    /// The script.
    pub script_id: ScriptId,
    /// Line of the definition.
    pub line: Line,
    /// Column of the definition.
    pub column: Column,
    /// Why V8 gave up optimising the function, or `""`.
    pub bailout_reason: Cow<'a, str>,
}

impl Default for CallFrame<'_> {
    /// A function of which nothing is known.
    fn default() -> Self {
        CallFrame {
            function_name: Cow::Borrowed(""),
            url: Cow::Borrowed(""),
            script_id: ScriptId::new(0),
            line: Line::default(),
            column: Column::default(),
            bailout_reason: Cow::Borrowed(""),
        }
    }
}

impl CallFrame<'static> {
    /// The synthetic frame at the top of every profile.
    pub fn root() -> Self {
        CallFrame {
            function_name: Cow::Borrowed("(root)"),
            ..CallFrame::default()
        }
    }
}
