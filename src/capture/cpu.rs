//! Stopped CPU profiles: what they are read from, and when V8 gets their memory back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rs_profiler_core::format::cpuprofile::Written;
use rs_profiler_core::model::{CpuProfile as ProfileCopy, CpuProfileSource};

use super::cpu_source::V8Profile;
use super::environment::Environment;
use super::heap::Export;
use crate::error::{Error, Result};
use crate::sink::{runtime, spawn_text, TextWriter};
use crate::v8::CpuProfile;

/// What a stopped profile is read from, on any thread.
#[derive(Clone)]
pub enum ProfileData {
    /// V8's own structure.
    V8(ProfileView),
    /// Our copy, when V8's is gone.
    Copy(Arc<OnceLock<ProfileCopy>>),
}

/// V8's own structure, opaque to the floors above.
#[derive(Clone)]
pub struct ProfileView(V8Profile);

/// Something to do with a source, whichever it is. (A closure cannot be generic.)
pub trait ReadProfile {
    type Output;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output;
}

impl ProfileData {
    pub fn read<R: ReadProfile>(&self, reader: R) -> Result<R::Output> {
        match self {
            ProfileData::V8(view) => Ok(reader.read(&view.0)),
            ProfileData::Copy(copy) => copy.get().map(|copy| reader.read(copy)).ok_or(Error::Closed),
        }
    }
}

struct CopyProfile;

impl ReadProfile for CopyProfile {
    type Output = rs_profiler_core::Result<ProfileCopy>;
    fn read(self, source: &impl CpuProfileSource) -> Self::Output {
        ProfileCopy::copy_of(source)
    }
}

/// A stopped profile that JavaScript holds. It reads V8's structure until that is given back, then a copy of it.
pub struct CpuSession {
    environment: Rc<Environment>,
    profile: RefCell<Option<CpuProfile>>,
    copy: Arc<OnceLock<ProfileCopy>>,
    exports: Cell<usize>,
    detached: Cell<bool>,
}

impl CpuSession {
    pub(super) fn new(environment: &Rc<Environment>, profile: CpuProfile) -> Rc<CpuSession> {
        Rc::new(CpuSession {
            environment: Rc::clone(environment),
            profile: RefCell::new(Some(profile)),
            copy: Arc::default(),
            exports: Cell::new(0),
            detached: Cell::new(false),
        })
    }

    /// What to read from.
    pub fn data(&self) -> Result<ProfileData> {
        if self.copy.get().is_some() {
            return Ok(ProfileData::Copy(Arc::clone(&self.copy)));
        }
        let view = self.profile.borrow().as_ref().and_then(CpuProfile::view);
        view.map(|view| ProfileData::V8(ProfileView(V8Profile(view))))
            .ok_or(Error::Closed)
    }

    /// Whether V8 goes on logging code for this profile although nothing is running: then it should be detached soon.
    pub fn keeps_logging(&self) -> bool {
        !self.environment.is_warm() && self.profile.borrow().as_ref().is_some_and(CpuProfile::keeps_logging)
    }

    /// Starts to write the profile, on a thread of its own. The second part says what was written, at the end.
    pub fn export(
        self: &Rc<Self>,
        chunk_size: usize,
        write: impl FnOnce(&ProfileData, &mut TextWriter) -> Result<Written> + Send + 'static,
    ) -> Result<(Export, Arc<OnceLock<Written>>)> {
        let data = self.data()?;
        let written = Arc::new(OnceLock::new());
        let report = Arc::clone(&written);
        let stream = spawn_text(chunk_size, move |out| {
            let written = write(&data, out).map_err(super::heap::stopped)?;
            report.get_or_init(|| written);
            Ok(())
        })?;
        self.environment.adopt_stream(&stream);
        self.exports.set(self.exports.get() + 1);
        let session = Rc::clone(self);
        let ended = Box::new(move || {
            session.exports.set(session.exports.get().saturating_sub(1));
            session.free_detached();
        });
        Ok((Export::new(Rc::clone(&self.environment), stream, ended), written))
    }

    /// Copies what is needed out of V8's profile and gives that back. Blocks for the time of both: for small profiles.
    pub fn detach(&self) -> Result<()> {
        if let (None, Ok(data)) = (self.copy.get(), self.data()) {
            let copy = data
                .read(CopyProfile)?
                .map_err(|error| Error::Internal(error.to_string()))?;
            self.copy.get_or_init(|| copy);
        }
        self.detach_finished();
        Ok(())
    }

    /// The same, copying on another thread. `done` is called there when `detach_finished` may be called here.
    pub fn detach_in_background(&self, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let data = self.data()?;
        let copy = Arc::clone(&self.copy);
        let task = runtime()?.spawn_blocking(move || {
            let copied = data.read(CopyProfile);
            drop(data);
            done(match copied {
                Ok(Ok(made)) => {
                    copy.get_or_init(|| made);
                    Ok(())
                }
                Ok(Err(error)) => Err(Error::Internal(error.to_string())),
                Err(error) => Err(error),
            });
        });
        self.environment.adopt_task(task);
        Ok(())
    }

    /// Deletes V8's profile now that there is a copy, or when the last export has ended. Repeatable.
    pub fn detach_finished(&self) {
        self.detached.set(true);
        self.free_detached();
    }

    fn free_detached(&self) {
        if !self.detached.get() || self.exports.get() > 0 || self.copy.get().is_none() {
            return;
        }
        if let Some(profile) = self.profile.take() {
            // A background copy may still hold a view: then the next one to end tries again.
            if let Err(profile) = profile.try_delete() {
                self.profile.replace(Some(profile));
            }
        }
    }
}
