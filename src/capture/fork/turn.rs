//! The turn to have a child: one at a time in this process, and on this machine for this user.
//!
//! Why: each child is one more memory image at most, and a cluster's workers are asked for their snapshots at the same time.
//!
//! What it may not do: keep a capture from what it can do without. Where the file cannot be had, only this process is asked.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::machine_lock::{MachineLock, Taken};
use crate::error::{Error, Result};

/// Between two looks.
const TICK: Duration = Duration::from_millis(20);
/// How long one other process is waited for. One that holds the turn longer does not run (a stopped container), or has ended and
/// left it to a child that is none of ours.
const PATIENCE: Duration = Duration::from_secs(600);

static PROCESS: Mutex<()> = Mutex::new(());

/// Dropped, it is the next one's turn. Linux takes the machine's part back itself when the process is killed, and the child gives
/// it up with all descriptors.
pub(super) struct Turn {
    _machine: Option<MachineLock>,
    _process: MutexGuard<'static, ()>,
}

impl Turn {
    /// Waits for it. `folder`: where the processes of this user meet.
    pub(super) fn take(folder: Option<&Path>, is_cancelled: impl Fn() -> bool) -> Result<Turn> {
        let process = Turn::in_process(&is_cancelled)?;
        let mut patience = Patience::new(Instant::now());
        while let Some(folder) = folder {
            if is_cancelled() {
                return Err(Error::Aborted);
            }
            match MachineLock::take(folder) {
                Ok(Taken::Ours(machine)) => {
                    return Ok(Turn {
                        _machine: Some(machine),
                        _process: process,
                    })
                }
                Ok(Taken::Theirs(since)) if patience.has_more(Instant::now(), since) => sleep(TICK),
                Ok(Taken::Theirs(_)) | Err(_) => break,
            }
        }
        Ok(Turn {
            _machine: None,
            _process: process,
        })
    }

    fn in_process(is_cancelled: impl Fn() -> bool) -> Result<MutexGuard<'static, ()>> {
        while !is_cancelled() {
            match PROCESS.try_lock() {
                Ok(turn) => return Ok(turn),
                // Nobody panics with it; and it guards nothing but the turn.
                Err(TryLockError::Poisoned(turn)) => return Ok(turn.into_inner()),
                Err(TryLockError::WouldBlock) => sleep(TICK),
            }
        }
        Err(Error::Aborted)
    }
}

/// With one process after the other.
struct Patience {
    end: Instant,
    since: Option<SystemTime>,
}

impl Patience {
    fn new(now: Instant) -> Patience {
        Patience {
            end: now + PATIENCE,
            since: None,
        }
    }

    /// Whether who has the turn, since then, is waited for any longer.
    fn has_more(&mut self, now: Instant, since: Option<SystemTime>) -> bool {
        if since.is_some() && since != self.since {
            self.since = since;
            self.end = now + PATIENCE;
        }
        now < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_begins_anew_with_each_process_that_has_the_turn() {
        let (begin, first) = (Instant::now(), SystemTime::now());
        let mut patience = Patience::new(begin);
        assert!(patience.has_more(begin, Some(first)));
        assert!(patience.has_more(begin + PATIENCE / 2, Some(first)));
        let second = Some(first + PATIENCE / 2);
        assert!(patience.has_more(begin + PATIENCE, second));
        assert!(patience.has_more(begin + PATIENCE * 2 - TICK, second));
        assert!(!patience.has_more(begin + PATIENCE * 2, second));
        assert!(!patience.has_more(begin + PATIENCE * 2, None));
    }
}
