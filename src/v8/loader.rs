//! Loads the shim that fits the running Node and checks that it does, before V8 is called through it.

use std::error::Error;
use std::ffi::CStr;
use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libloading::Library;

use super::table::{Table, TableFn, TABLE_VERSION};

/// A loaded shim. It stays loaded until the process ends, because V8 may call back into it at any time.
#[derive(Clone, Copy)]
pub struct Shim {
    pub(super) table: &'static Table,
}

/// Why a shim cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    #[error("the V8 shim {path} could not be loaded: {reason}")]
    Load { path: String, reason: String },
    #[error("the V8 shim {path} was compiled for another rs-profiler (its table has version {found}, this one needs {wanted})")]
    TableVersion { path: String, found: u32, wanted: u32 },
    #[error("the V8 shim {path} was compiled for Node ABI {found}, but this process has Node ABI {wanted}")]
    Abi { path: String, found: u32, wanted: u32 },
}

/// Shims loaded by any environment of this process, by path. Only addresses of constants: no state is shared by them.
static LOADED: Mutex<Vec<(PathBuf, &'static Table)>> = Mutex::new(Vec::new());

impl Shim {
    /// Loads the shim at `path` for a Node whose `process.versions.modules` is `abi`.
    pub fn load(path: &Path, abi: u32) -> Result<Shim, LoadError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let known = loaded.iter().find(|(p, _)| p == path).map(|(_, table)| *table);
        let table = match known {
            Some(table) => table,
            None => {
                let table = open(path)?;
                loaded.push((path.to_path_buf(), table));
                table
            }
        };
        let text = || path.display().to_string();
        if table.table_version != TABLE_VERSION || table.table_size as usize != size_of::<Table>() {
            return Err(LoadError::TableVersion {
                path: text(),
                found: table.table_version,
                wanted: TABLE_VERSION,
            });
        }
        if table.node_module_version != abi {
            return Err(LoadError::Abi {
                path: text(),
                found: table.node_module_version,
                wanted: abi,
            });
        }
        Ok(Shim { table })
    }

    /// The V8 version of the headers the shim was compiled with.
    pub fn v8_version(&self) -> String {
        // SAFETY: the shim puts a NUL-terminated string literal there, which lives as long as the library: for ever.
        unsafe { CStr::from_ptr(self.table.v8_version) }
            .to_string_lossy()
            .into_owned()
    }
}

fn open(path: &Path) -> Result<&'static Table, LoadError> {
    let fail = |error: libloading::Error| LoadError::Load {
        path: path.display().to_string(),
        reason: error.source().map_or_else(|| error.to_string(), ToString::to_string),
    };
    // SAFETY: a shim has no initialisers; loading it runs no code of its own.
    let library = unsafe { Library::new(path) }.map_err(fail)?;
    // SAFETY: `rsp_v8_table` has had this signature since table version 1.
    let table_fn = unsafe { library.get::<TableFn>(b"rsp_v8_table\0") }.map_err(fail)?;
    // SAFETY: the function takes nothing and returns the address of a constant; it calls neither V8 nor Node.
    let table = unsafe { table_fn() };
    std::mem::forget(library);
    // SAFETY: the constant is at least `table_version` and `table_size` long in every version, the library stays loaded,
    // and no other member is read before `load` has compared these two.
    Ok(unsafe { &*table })
}
