//! Regular expressions of JavaScript for what redaction keeps, from the analysis addon.
//!
//! Why from there: the engine has 400 KB of tables, which a service that redacts nothing, or keeps nothing, shall not have in
//! memory. It is loaded in the process that forks, before the fork.

use std::ffi::c_void;
use std::path::Path;

use libloading::Library;
use rs_profiler_core::format::heapsnapshot_redact::{
    Keep, KeepTable, KeepTableFn, KEEP_TABLE_SYMBOL, KEEP_TABLE_VERSION,
};

use crate::error::{Error, Result};

/// The engine, loaded until the process ends.
#[derive(Debug, Clone, Copy)]
pub struct Engine(&'static KeepTable);

impl Engine {
    /// Loads it from the analysis addon. Repeatable.
    pub fn load(path: &Path) -> Result<Engine> {
        let refuse = |reason: String| Error::InvalidArgument(format!("redact.keep needs {}: {reason}", path.display()));
        // SAFETY: the initialisers of an addon of ours register what Node may ask it for later, and call nothing.
        let library = unsafe { Library::new(path) }.map_err(|error| refuse(error.to_string()))?;
        // SAFETY: the symbol has had this type in every version.
        let found = unsafe { library.get::<KeepTableFn>(KEEP_TABLE_SYMBOL) };
        let table = found.map_err(|error| refuse(error.to_string()))?();
        // Its functions are used as long as the process lives.
        std::mem::forget(library);
        // SAFETY: the address of a static of the library; the version comes first in every table.
        if unsafe { (*table).version } != KEEP_TABLE_VERSION {
            return Err(refuse("it is of another version of rs-profiler".into()));
        }
        // SAFETY: as above, and of this very type.
        Ok(Engine(unsafe { &*table }))
    }

    /// Compiles a pattern. `None` for one that the engine does not know.
    pub fn compile(self, source: &str, flags: &str) -> Option<Box<dyn Keep>> {
        // SAFETY: two texts with their lengths.
        let handle = unsafe { (self.0.compile)(source.as_ptr(), source.len(), flags.as_ptr(), flags.len()) };
        (!handle.is_null()).then(|| Box::new(Pattern { table: self.0, handle }) as Box<dyn Keep>)
    }
}

/// A compiled pattern.
#[derive(Debug)]
struct Pattern {
    table: &'static KeepTable,
    handle: *mut c_void,
}

// SAFETY: the table allows a handle on any thread, one at a time, and a `Pattern` is not `Sync`.
unsafe impl Send for Pattern {}

impl Keep for Pattern {
    fn keeps(&self, units: &[u16]) -> bool {
        // SAFETY: `compile` gave the handle, which is freed when this is dropped; the units are as many as said.
        unsafe { (self.table.matches)(self.handle, units.as_ptr(), units.len()) }
    }
}

impl Drop for Pattern {
    fn drop(&mut self) {
        // SAFETY: `compile` gave the handle, and this is its last use.
        unsafe { (self.table.free)(self.handle) };
    }
}
