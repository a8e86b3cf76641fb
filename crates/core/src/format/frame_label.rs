//! A function as a line of text shows it.

use crate::model::CallFrame;

/// The name that a function without one has in every tool.
const ANONYMOUS: &str = "(anonymous)";

/// The function's name, never empty.
pub(super) fn name_of<'a>(frame: &'a CallFrame<'_>) -> &'a str {
    match &*frame.function_name {
        "" => ANONYMOUS,
        name => name,
    }
}

/// Appends `name (url:line)`, or `name` when the place is unknown, without the characters that separate frames.
pub(super) fn push_label(frame: &CallFrame<'_>, text: &mut String) {
    let mut push = |part: &str| {
        text.extend(part.chars().map(|character| match character {
            ';' => ':',
            '\n' | '\r' => ' ',
            other => other,
        }));
    };
    let name = name_of(frame);
    if frame.url.is_empty() {
        match name.rsplit_once(' ') {
            // Tools would take the number for a value.
            Some((before, number)) if number.parse::<f64>().is_ok() => {
                push(before);
                push("\u{a0}");
                push(number);
            }
            _ => push(name),
        }
        return;
    }
    push(name);
    push(" (");
    push(&frame.url);
    if frame.line > 0 {
        push(":");
        push(itoa::Buffer::new().format(frame.line));
    }
    push(")");
}
