//! Stopped CPU profiles: what they are read from, and when V8 gets their memory back.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rs_profiler_core::model::CpuProfile as ProfileCopy;

use super::environment::Environment;
use super::export::{Begun, Export};
use super::profile_data::{ProfileData, ProfileSource};
use crate::error::{Error, Result};
use crate::sink::{Counts, Produce, Running, Task, STREAM_CHUNK};
use crate::v8::CpuProfile;

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
            return Ok(ProfileData::of_copy(&self.copy));
        }
        let view = self.profile.borrow().as_ref().and_then(CpuProfile::view);
        view.map(ProfileData::of_v8).ok_or(Error::Closed)
    }

    /// Whether V8 goes on logging code for this profile although nothing is running: then it should be detached soon.
    pub fn keeps_logging(&self) -> bool {
        !self.environment.is_warm() && self.profile.borrow().as_ref().is_some_and(CpuProfile::keeps_logging)
    }

    /// Makes ready to write the profile.
    pub fn export(
        self: &Rc<Self>,
        write: impl FnOnce(&ProfileSource<'_>, &mut dyn Write) -> Result<Counts> + Send + 'static,
    ) -> Result<Export> {
        let data = self.data()?;
        let produce: Produce = Box::new(move |out| write(&data.source()?, out));
        self.exports.set(self.exports.get() + 1);
        let session = Rc::clone(self);
        let ended = move || {
            session.exports.set(session.exports.get().saturating_sub(1));
            session.free_detached();
        };
        let begin = move || Ok(Begun { produce, here: false });
        Ok(Export::new(
            &self.environment,
            STREAM_CHUNK,
            Box::new(begin),
            Box::new(ended),
        ))
    }

    /// Copies what is needed out of V8's profile and gives that back. Blocks for the time of both: for small profiles.
    pub fn detach(&self) -> Result<()> {
        if let (None, Ok(data)) = (self.copy.get(), self.data()) {
            let copy = copy_of(&data)?;
            self.copy.get_or_init(|| copy);
        }
        self.detach_finished();
        Ok(())
    }

    /// The same, copying on another thread. `done` is called there when `detach_finished` may be called here.
    pub fn detach_in_background(&self, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let data = self.data()?;
        let copy = Arc::clone(&self.copy);
        let task = Task::spawn(move |_| {
            let copied = copy_of(&data);
            drop(data);
            done(copied.map(|made| {
                copy.get_or_init(|| made);
            }));
        })?;
        self.environment.adopt(&(task as Arc<dyn Running>));
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

fn copy_of(data: &ProfileData) -> Result<ProfileCopy> {
    ProfileCopy::copy_of(&data.source()?).map_err(|error| Error::Internal(error.to_string()))
}
