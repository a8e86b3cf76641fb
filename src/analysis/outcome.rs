//! What comes of a piece of work: the first result counts, and whoever asks gets it, now or later.

use std::sync::{Mutex, PoisonError};

use crate::error::Result;

type Receive<T> = Box<dyn FnOnce(Result<T>) + Send>;

enum State<T> {
    /// Nothing has come, and nobody waits.
    Open,
    Awaited(Receive<T>),
    Come(Result<T>),
    Given,
}

/// A result that one thread has and another one wants. It is given once.
pub struct Outcome<T>(Mutex<State<T>>);

impl<T> Default for Outcome<T> {
    fn default() -> Self {
        Outcome(Mutex::new(State::Open))
    }
}

impl<T> Outcome<T> {
    /// The work has ended like this, unless it had ended already: what comes later is dropped.
    pub fn set(&self, result: Result<T>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Given) {
            State::Open => *state = State::Come(result),
            State::Awaited(receive) => {
                drop(state);
                receive(result);
            }
            State::Come(first) => *state = State::Come(first),
            State::Given => {}
        }
    }

    /// Hands the result to `receive`, on whatever thread, once there is one. The first who asks gets it.
    pub fn receive(&self, receive: impl FnOnce(Result<T>) + Send + 'static) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Given) {
            State::Open => *state = State::Awaited(Box::new(receive)),
            State::Come(result) => {
                drop(state);
                receive(result);
            }
            State::Awaited(first) => *state = State::Awaited(first),
            State::Given => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::error::Error;

    #[test]
    fn the_first_result_comes_whoever_is_early() {
        for early in [true, false] {
            let (told, heard) = mpsc::channel();
            let outcome = Outcome::default();
            let receive = move |result: Result<i32>| {
                let _ = told.send(result.ok());
            };
            if early {
                outcome.set(Ok(1));
                outcome.set(Err(Error::Aborted));
                outcome.receive(receive);
            } else {
                outcome.receive(receive);
                outcome.set(Ok(1));
                outcome.set(Err(Error::Aborted));
            }
            assert_eq!(heard.iter().collect::<Vec<_>>(), [Some(1)]);
        }
    }
}
