//! The face of `fork` where there is none: everything is refused.

use std::convert::Infallible;
use std::future::Future;
use std::rc::Rc;

use super::environment::Environment;
use super::fork_options::{ForkHooks, ForkOptions, ForkReport};
use super::heap::Export;
use crate::error::{Error, Result};

/// Whether [`ForkSession`] can be had.
pub const SUPPORTED: bool = false;

/// See `fork::ForkSession`. There is none.
pub struct ForkSession(Infallible);

impl ForkSession {
    pub fn start(_: &Rc<Environment>, _: ForkOptions, _: ForkHooks) -> Result<(ForkSession, Export)> {
        Err(Error::ForkFailed("a forked child needs Linux with glibc".into()))
    }

    pub fn fork(&self) {
        match self.0 {}
    }

    pub fn gone(&self) -> impl Future<Output = ()> + Send + 'static {
        std::future::ready(())
    }

    pub fn was_forked(&self) -> bool {
        match self.0 {}
    }

    pub fn outcome(&self) -> impl Fn() -> (bool, Option<ForkReport>) + Send + 'static {
        || (false, None)
    }

    pub fn report(&self) -> Option<ForkReport> {
        match self.0 {}
    }
}
