//! Loads the shim that fits the running Node and checks that it does, before V8 is called through it.

use std::error::Error;
use std::ffi::CStr;
use std::fmt;
use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::{Mutex, PoisonError};

use libloading::Library;

use super::isolate::Isolate;
use super::table::{Table, TableFn, TableHeader, TABLE_VERSION};

/// A loaded shim. It stays loaded until the process ends, because V8 may call back into it at any time.
#[derive(Clone, Copy)]
pub struct Shim {
    table: &'static Table,
}

/// Why a shim cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    #[error("the V8 shim {path} could not be loaded: {reason}")]
    Load { path: String, reason: String },
    #[error(
        "the V8 shim {path} needs {symbol}, which this Node does not have: it was compiled with the headers of another \
         build of Node"
    )]
    Symbol { path: String, symbol: String },
    #[error(
        "the V8 shim {path} was compiled for another rs-profiler (its table has {found}, this one needs {wanted})"
    )]
    Table {
        path: String,
        found: Layout,
        wanted: Layout,
    },
    #[error("the V8 shim {path} was compiled for Node ABI {found}, but this process has Node ABI {wanted}")]
    Abi { path: String, found: u32, wanted: u32 },
}

/// Version and size of a table: the same only when all members are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    version: u32,
    bytes: usize,
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version {} and {} bytes", self.version, self.bytes)
    }
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
        if table.header.node_module_version != abi {
            return Err(LoadError::Abi {
                path: path.display().to_string(),
                found: table.header.node_module_version,
                wanted: abi,
            });
        }
        Ok(Shim { table })
    }

    /// The isolate of this thread. `None` outside one.
    pub fn current_isolate(self) -> Option<Isolate> {
        Isolate::current(self.table)
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
    let fail = |reason: String| LoadError::Load {
        path: path.display().to_string(),
        reason,
    };
    let refused = |error: libloading::Error| {
        let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        match missing_symbol(&reason) {
            Some(symbol) => LoadError::Symbol {
                path: path.display().to_string(),
                symbol: symbol.into(),
            },
            None => fail(reason),
        }
    };
    // SAFETY: a shim has no initialisers; loading it runs no code of its own.
    let library = unsafe { Library::new(path) }.map_err(refused)?;
    // SAFETY: `rsp_v8_table` has had this signature since table version 1.
    let table_fn = unsafe { library.get::<TableFn>(b"rsp_v8_table\0") }
        .map_err(|_| fail("it has no function rsp_v8_table".into()))?;
    // SAFETY: the function takes nothing and returns the address of a constant; it calls neither V8 nor Node.
    let table = NonNull::new(unsafe { table_fn() }.cast_mut()).ok_or_else(|| fail("it has no table".into()))?;
    // SAFETY: a table begins with this header in every version, and the library is loaded.
    let header = unsafe { table.cast::<TableHeader>().read() };
    check_layout(header, path)?;
    std::mem::forget(library);
    // SAFETY: the table is as long as ours and has the same members; the library, never unloaded now, never writes it.
    Ok(unsafe { table.as_ref() })
}

/// The symbol that a library needs and nobody has, out of what the loader of glibc, of musl or of macOS says.
fn missing_symbol(reason: &str) -> Option<&str> {
    if let Some((_, rest)) = reason.split_once("undefined symbol: ") {
        return rest.split([' ', ',', '\n']).next();
    }
    if let Some((_, rest)) = reason.split_once("symbol not found in flat namespace '") {
        return rest.split('\'').next();
    }
    let before = reason.strip_suffix(": symbol not found")?;
    before.rsplit(": ").next()
}

/// Whether what follows the header is our [`Table`].
fn check_layout(header: TableHeader, path: &Path) -> Result<(), LoadError> {
    let found = Layout {
        version: header.table_version,
        bytes: header.table_size as usize,
    };
    let wanted = Layout {
        version: TABLE_VERSION,
        bytes: size_of::<Table>(),
    };
    if found == wanted {
        return Ok(());
    }
    Err(LoadError::Table {
        path: path.display().to_string(),
        found,
        wanted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_that_is_missing_is_named() {
        let glibc = "/a/v8-shim.abi115.so: undefined symbol: _ZN2v83FooEv";
        let musl = "Error relocating /a/v8-shim.abi115.so: _ZN2v83FooEv: symbol not found";
        let macos = "dlopen(/a/x.so, 0x0006): symbol not found in flat namespace '_ZN2v83FooEv'";
        for reason in [glibc, musl, macos] {
            assert_eq!(missing_symbol(reason), Some("_ZN2v83FooEv"));
        }
        assert_eq!(missing_symbol("/a/x.so: file too short"), None);
    }

    #[test]
    fn only_a_table_of_this_version_and_size_is_ours() {
        let ours = TableHeader {
            table_version: TABLE_VERSION,
            table_size: size_of::<Table>() as u32,
            node_module_version: 0,
        };
        let older = TableHeader {
            table_version: TABLE_VERSION - 1,
            ..ours
        };
        let shorter = TableHeader {
            table_size: size_of::<TableHeader>() as u32,
            ..ours
        };
        let path = Path::new("a.so");
        assert!(check_layout(ours, path).is_ok());
        for other in [older, shorter] {
            let text = check_layout(other, path).err().map(|error| error.to_string());
            assert!(text.is_some_and(|text| text.contains("compiled for another rs-profiler")));
        }
    }
}
