//! `callUID`: a number that all nodes of one function share.
//!
//! v8-profiler took it from V8, which has dropped it since; ours is FNV-1a over what identifies a function.

use crate::model::CallFrame;

const OFFSET_BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// The number of the function `frame` stands for. The same in every profile and every run of one program.
pub(super) fn function_uid(frame: &CallFrame<'_>) -> u32 {
    let mut hash = OFFSET_BASIS;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(PRIME);
        }
    };
    feed(frame.function_name.as_bytes());
    // 0xff is in no UTF-8 text: it keeps ("ab", "c") and ("a", "bc") apart.
    feed(&[0xff]);
    feed(frame.url.as_bytes());
    feed(&[0xff]);
    for number in [frame.script_id.get(), frame.line.one_based(), frame.column.one_based()] {
        feed(&number.to_le_bytes());
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Line;

    #[test]
    fn tells_functions_apart_and_ignores_the_bailout_reason() {
        let frame = |function_name: &'static str, url: &'static str, line| CallFrame {
            function_name: function_name.into(),
            url: url.into(),
            line: Line::from_one_based(line),
            ..CallFrame::default()
        };
        let uid = function_uid(&frame("ab", "c", 1));
        assert_eq!(
            uid,
            function_uid(&CallFrame {
                bailout_reason: "x".into(),
                ..frame("ab", "c", 1)
            })
        );
        assert_ne!(uid, function_uid(&frame("a", "bc", 1)));
        assert_ne!(uid, function_uid(&frame("ab", "c", 2)));
    }
}
