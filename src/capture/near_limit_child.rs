//! A child at work near the heap's limit, and its start.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{sync_channel, Receiver, SyncSender, TrySendError};
use std::sync::Arc;
use std::time::Duration;

use super::environment::Environment;
use super::heap::CHUNK;
use super::near_limit_options::{NearLimitOptions, NearLimitReport, Reporter, Waker};
use super::{Export, ForkHooks, ForkOptions, ForkSession};
use crate::error::{Error, Result};
use crate::sink::runtime;

/// Between two looks at whether a child is ready.
const TICK: Duration = Duration::from_millis(20);

/// A child at work.
pub struct Running {
    session: ForkSession,
    /// Dropped, it ends the child.
    _export: Export,
    wakes: Receiver<()>,
    finished: Arc<AtomicBool>,
}

impl Running {
    pub fn is_finished(&self) -> bool {
        self.finished.load(Ordering::SeqCst)
    }

    /// Forks if that is asked for, waiting a tick for it.
    pub fn pump(&self) -> bool {
        let woken = self.wakes.recv_timeout(TICK).is_ok();
        if woken {
            self.session.fork();
        }
        woken
    }

    /// Forks without waiting, if that is asked for.
    pub fn fork_if_woken(&self) {
        if self.wakes.try_recv().is_ok() {
            self.session.fork();
        }
    }

    /// Returns when the child has been forked.
    pub fn start(
        environment: &Rc<Environment>,
        options: &NearLimitOptions,
        (report, wake): (&Reporter, &Waker),
        path: PathBuf,
        limit: usize,
    ) -> Result<Running> {
        let (sender, wakes): (SyncSender<()>, _) = sync_channel(1);
        let wake = Arc::clone(wake);
        let hooks = ForkHooks {
            wake: Box::new(move || {
                // Whoever comes first: this thread, waiting here, or its event loop.
                let heard = !matches!(sender.try_send(()), Err(TrySendError::Disconnected(())));
                wake();
                heard
            }),
            progress: Box::new(|_, _, _| {}),
        };
        let request = ForkOptions {
            snapshot: options.snapshot,
            pipeline: options.pipeline.clone(),
            path: Some(path.clone()),
            chunk_size: CHUNK,
            refuse_when_busy: false,
        };
        let (session, export) = ForkSession::start(environment, request, hooks)?;
        let finished = Arc::new(AtomicBool::new(false));
        let running = Running {
            wakes,
            finished: Arc::clone(&finished),
            session,
            _export: export,
        };
        let stream = Arc::clone(running._export.stream());
        let (report, outcome) = (Arc::clone(report), running.session.outcome());
        let failure: Arc<std::sync::Mutex<Option<Error>>> = Arc::default();
        let failed = Arc::clone(&failure);
        runtime()?.spawn(async move {
            let result = stream.next().await.map(drop);
            let (forked, done) = outcome();
            if forked {
                let pause = done.map_or(Duration::ZERO, |done| done.pause);
                (report)(NearLimitReport {
                    path,
                    limit,
                    forked: true,
                    reason: None,
                    pause,
                    result: result.map(|()| done.map(|done| done.produced.redacted)),
                });
            } else if let Err(error) = result {
                *failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
            }
            finished.store(true, Ordering::SeqCst);
        });
        while !running.is_finished() {
            if running.pump() && running.session.was_forked() {
                return Ok(running);
            }
        }
        if running.session.was_forked() {
            return Ok(running);
        }
        let error = failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        Err(error.unwrap_or(Error::Aborted))
    }
}
