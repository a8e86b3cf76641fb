//! Threads that end before their caller returns. The system may have none to give: that is an error here, and no panic.

use std::thread::{Builder, Scope, ScopedJoinHandle};

use crate::{Error, Result};

/// Does `work` beside the caller, within a scope.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, T>> {
    Builder::new()
        .name("rs-profiler".to_owned())
        .spawn_scoped(scope, work)
        .map_err(Error::NoThread)
}
