//! The threads that answer questions of one snapshot: few, however many questions wait, and none when none does.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Result;
use crate::sink::spawn_thread;

/// A long question does not keep a short one waiting.
const MOST_THREADS: usize = 2;

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
}

#[derive(Default)]
pub(super) struct Questions {
    queue: Mutex<Queue>,
}

impl Questions {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `job` done, which must not panic. Fails when no thread is there to do it.
    pub(super) fn add(self: &Arc<Self>, job: impl FnOnce() + Send + 'static) -> Result<()> {
        {
            let mut queue = self.lock();
            queue.jobs.push_back(Box::new(job));
            if queue.threads == MOST_THREADS {
                return Ok(());
            }
            queue.threads += 1;
        }
        let questions = Arc::clone(self);
        match spawn_thread(move || questions.work()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let mut queue = self.lock();
                queue.threads -= 1;
                if queue.threads > 0 {
                    // Another thread will come to it.
                    return Ok(());
                }
                // Those that threads did that have ended meanwhile are not here any more; this is the last.
                let refused = queue.jobs.pop_back();
                drop(queue);
                drop(refused);
                Err(error)
            }
        }
    }

    fn work(&self) {
        loop {
            let mut queue = self.lock();
            let Some(job) = queue.jobs.pop_front() else {
                queue.threads -= 1;
                return;
            };
            drop(queue);
            job();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn all_are_answered_by_few_threads() {
        let questions = Arc::new(Questions::default());
        let (told, heard) = mpsc::channel();
        for number in 0..100 {
            let told = told.clone();
            let counted = Arc::clone(&questions);
            let added = questions.add(move || {
                let _ = told.send((number, counted.lock().threads <= MOST_THREADS));
            });
            assert!(added.is_ok());
        }
        drop(told);
        let mut answers: Vec<_> = heard.iter().collect();
        answers.sort_unstable();
        assert_eq!(answers, (0..100).map(|number| (number, true)).collect::<Vec<_>>());
    }
}
