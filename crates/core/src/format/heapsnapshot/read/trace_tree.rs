//! The section `trace_tree`: calls that allocated, as nested arrays of `id, function, count, size, [children]`, which lie side by
//! side in the array of their parent. Nesting is counted, never recursed into.

use super::fault::{Fault, Outcome};
use super::input::{shown, Input};
use crate::model::heap::Allocations;

/// Fields of a call before its children.
const FIELDS: usize = 4;

/// Arrays that may be open at a time. V8 keeps 64 calls of a stack.
const DEEPEST: usize = 10_000;

/// An array that is open: whose children it lists, and the fields of the child at hand.
struct Level {
    parent: Option<u32>,
    fields: [u32; FIELDS],
    filled: usize,
    /// The child whose fields are complete.
    call: Option<u32>,
}

impl Level {
    fn below(parent: Option<u32>) -> Level {
        Level {
            parent,
            fields: [0; FIELDS],
            filled: 0,
            call: None,
        }
    }
}

/// Reads the tree. One that is nested in another way than V8's tells nothing, and is no error.
pub(super) fn read(input: &mut Input<'_>, into: &mut Allocations) -> Outcome<()> {
    input.expect(b'[')?;
    let mut odd = false;
    let mut open = vec![Level::below(None)];
    while let Some(level) = open.last_mut() {
        let offset = {
            input.peek_token()?;
            input.offset()
        };
        match input.byte()? {
            b',' => {}
            b']' => {
                odd |= level.filled > 0 && level.call.is_none();
                open.pop();
            }
            b'[' => {
                odd |= level.call.is_none();
                let parent = level.call.take();
                level.filled = 0;
                if open.len() == DEEPEST {
                    return Err(Fault::syntax(
                        offset,
                        format!("calls are nested more than {DEEPEST} deep"),
                    ));
                }
                open.push(Level::below(parent));
            }
            digit @ b'0'..=b'9' => {
                let number = number(input, digit)?;
                match level.fields.get_mut(level.filled) {
                    Some(field) => *field = number,
                    None => odd = true,
                }
                level.filled += 1;
                if level.filled == FIELDS {
                    let [id, function, ..] = level.fields;
                    level.call = Some(into.push_call(id, function, level.parent));
                }
            }
            other => {
                let reason = format!("a number or an array should stand here, not {}", shown(other));
                return Err(Fault::syntax(offset, reason));
            }
        }
    }
    if odd {
        into.clear_calls();
    }
    Ok(())
}

/// The rest of a number. Sizes and counts above 32 bits are of no interest.
fn number(input: &mut Input<'_>, first: u8) -> Outcome<u32> {
    let mut value = u32::from(first - b'0');
    loop {
        match input.peek()? {
            digit @ b'0'..=b'9' => value = value.saturating_mul(10).saturating_add(u32::from(digit - b'0')),
            _ => return Ok(value),
        }
        input.skip(1);
    }
}
