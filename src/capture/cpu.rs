//! Stopped CPU profiles: what they are read from, and when V8 gets their memory back.

use std::io::Write;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use rs_profiler_core::model::CpuProfile as ProfileCopy;

use super::cpu_profilers::CpuProfilers;
use super::export::{Begun, Export};
use super::held::Held;
use super::profile_data::{CopyProfile, ProfileData, ProfileView};
use crate::error::{Error, Result};
use crate::sink::{Counts, Produce, Running, Task};
use crate::v8::CpuProfile;

/// A stopped profile that JavaScript holds. It reads V8's structure until that is given back, then a copy of it.
pub struct CpuSession {
    profilers: Rc<CpuProfilers>,
    profile: Rc<Held<CpuProfile>>,
    copy: Arc<OnceLock<ProfileCopy>>,
}

impl CpuSession {
    pub(super) fn new(profilers: &Rc<CpuProfilers>, profile: CpuProfile) -> Rc<CpuSession> {
        Rc::new(CpuSession {
            profilers: Rc::clone(profilers),
            profile: Held::new(profile),
            copy: Arc::default(),
        })
    }

    /// What to read from.
    pub fn data(&self) -> Result<ProfileData> {
        if self.copy.get().is_some() {
            return Ok(ProfileData::Copy(Arc::clone(&self.copy)));
        }
        let view = self.profile.read(CpuProfile::view).flatten();
        view.map(|view| ProfileData::V8(ProfileView(view))).ok_or(Error::Closed)
    }

    /// Whether V8 goes on logging code for this profile although nothing is running: then it should be detached soon.
    pub fn keeps_logging(&self) -> bool {
        !self.profilers.is_warm() && self.profile.read(CpuProfile::keeps_logging).unwrap_or(false)
    }

    /// Makes ready to write the profile, in chunks of `chunk_size` bytes.
    pub fn export(
        &self,
        chunk_size: usize,
        write: impl FnOnce(&ProfileData, &mut dyn Write) -> Result<Counts> + Send + 'static,
    ) -> Result<Export> {
        let data = self.data()?;
        let produce: Produce = Box::new(move |out| write(&data, out));
        let begin = move || Ok(Begun { produce, here: false });
        let used = self.profile.hold();
        Ok(Export::new(
            self.profilers.life(),
            chunk_size,
            Box::new(begin),
            Box::new(used),
        ))
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
        let task = Task::spawn(move |_| {
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
        })?;
        self.profilers.life().adopt(&(task as Arc<dyn Running>));
        Ok(())
    }

    /// Deletes V8's profile now that there is a copy, or when the last export has ended. Repeatable.
    pub fn detach_finished(&self) {
        if self.copy.get().is_some() {
            // A background copy may still hold a view: then the next one to end tries again.
            self.profile.discard();
        }
    }
}
