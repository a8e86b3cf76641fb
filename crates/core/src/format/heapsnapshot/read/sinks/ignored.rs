//! Numbers that nobody wants.

use super::super::numbers::Sink;

pub(in super::super) struct Ignored;

impl Sink for Ignored {
    fn take(&mut self, _numbers: &[u32]) -> Result<(), (usize, String)> {
        Ok(())
    }

    fn take_wide(&mut self, _number: i64) -> Result<(), String> {
        Ok(())
    }

    fn is_between_records(&self) -> bool {
        true
    }
}
