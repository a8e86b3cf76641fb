//! The function a profile node stands for.

use std::borrow::Cow;

/// A function and where it is defined, in V8's own conventions: lines and columns start at 1, and 0 means unknown.
///
/// Names are borrowed when the source has them as UTF-8, and owned when they had to be repaired.
///
/// ```
/// use rs_profiler_core::model::CallFrame;
/// let frame = CallFrame { function_name: "main".into(), url: "/srv/app.js".into(), line: 3, ..CallFrame::default() };
/// assert_eq!(frame.column, 0);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CallFrame<'a> {
    /// The function's name, `""` when it has none.
    pub function_name: Cow<'a, str>,
    /// The script's name: a path, a URL, or `""`.
    pub url: Cow<'a, str>,
    /// V8's number of the script, 0 for frames that are not JavaScript.
    pub script_id: i32,
    /// Line of the definition, from 1; 0 is unknown.
    pub line: i32,
    /// Column of the definition, from 1; 0 is unknown.
    pub column: i32,
    /// Why V8 gave up optimising the function, or `""`.
    pub bailout_reason: Cow<'a, str>,
}

impl CallFrame<'_> {
    /// The same frame with names of its own.
    ///
    /// ```
    /// # use rs_profiler_core::model::CallFrame;
    /// let name = String::from("main");
    /// let frame = CallFrame { function_name: name.as_str().into(), ..CallFrame::default() }.into_owned();
    /// drop(name);
    /// assert_eq!(frame.function_name, "main");
    /// ```
    pub fn into_owned(self) -> CallFrame<'static> {
        CallFrame {
            function_name: Cow::Owned(self.function_name.into_owned()),
            url: Cow::Owned(self.url.into_owned()),
            script_id: self.script_id,
            line: self.line,
            column: self.column,
            bailout_reason: Cow::Owned(self.bailout_reason.into_owned()),
        }
    }
}

impl CallFrame<'static> {
    /// The synthetic frame at the top of every profile.
    ///
    /// ```
    /// assert_eq!(rs_profiler_core::model::CallFrame::root().function_name, "(root)");
    /// ```
    pub fn root() -> Self {
        CallFrame {
            function_name: Cow::Borrowed("(root)"),
            ..CallFrame::default()
        }
    }
}
