//! `cppgc::internal::PersistentRegionLock`: a lock of V8 that is one for the whole process.
//!
//! Why it exists: a collection of any isolate holds it while it marks. On Node 20 and 22 every full collection takes it, so a
//! child that was forked while another thread held it waits for ever. Whoever holds it across the fork knows that nobody else
//! does.

use std::ffi::c_void;
use std::sync::OnceLock;

type Method = unsafe extern "C" fn(*mut c_void);

/// Constructor and destructor.
#[derive(Clone, Copy)]
struct Methods {
    lock: Method,
    unlock: Method,
}

/// The address of a function of Node's, which it exports.
fn exported(name: &std::ffi::CStr) -> Option<Method> {
    // SAFETY: looks a C string up among the loaded libraries; thread-safe.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    // SAFETY: constructors and destructors of this name take the object's address alone, in the C calling convention; and a
    // null pointer is `None`.
    unsafe { std::mem::transmute::<*mut c_void, Option<Method>>(address) }
}

fn methods() -> Option<Methods> {
    static METHODS: OnceLock<Option<Methods>> = OnceLock::new();
    *METHODS.get_or_init(|| {
        Some(Methods {
            lock: exported(c"_ZN5cppgc8internal20PersistentRegionLockC1Ev")?,
            unlock: exported(c"_ZN5cppgc8internal20PersistentRegionLockD1Ev")?,
        })
    })
}

/// The lock, held. Dropped, it is released: by the thread that took it, or by the copy of that thread in a forked child.
pub struct PersistentRegionLock {
    /// The C++ object, which has no members; with room for some.
    object: [u64; 8],
    methods: Option<Methods>,
}

impl PersistentRegionLock {
    /// Looks for the lock in this Node, so that [`PersistentRegionLock::hold`] need not.
    pub fn prepare() {
        methods();
    }

    /// Waits for the lock. Where Node does not export it, there is nothing to wait for.
    pub fn hold() -> PersistentRegionLock {
        let mut held = PersistentRegionLock {
            object: [0; 8],
            methods: methods(),
        };
        if let Some(methods) = held.methods {
            // SAFETY: the constructor of an empty class, given room for it; it only locks, and nobody needs this address.
            unsafe { (methods.lock)(held.object.as_mut_ptr().cast()) };
        }
        held
    }
}

impl Drop for PersistentRegionLock {
    fn drop(&mut self) {
        if let Some(methods) = self.methods {
            // SAFETY: locked by `hold` on this thread; the destructor only unlocks, and uses no address of the object.
            unsafe { (methods.unlock)(self.object.as_mut_ptr().cast()) };
        }
    }
}
