//! The turn to have a child: one at a time in this process, and on this machine for this user.
//!
//! Why: each child is one more memory image at most, and a cluster's workers are asked for their snapshots at the same time.
//!
//! What it may not do: keep a capture from what it can do without. Where the file cannot be had, only this process is asked.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::machine_lock::{MachineLock, Taken};
use crate::error::{Error, Result};

/// Between two looks.
const TICK: Duration = Duration::from_millis(20);
/// How long other processes are waited for. One that holds the turn longer does not run (a stopped container), or a child of its
/// has it that is none of ours.
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
        let end = Instant::now() + PATIENCE;
        while let Some(folder) = folder
            && Instant::now() < end
        {
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
                Ok(Taken::Theirs) => sleep(TICK),
                Err(_) => break,
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
