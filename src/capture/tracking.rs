//! Object tracking, and whether V8 has samples of it: then the texts of snapshots are written on the isolate's thread, which
//! is the one that adds to them.

use std::cell::Cell;
use std::rc::Rc;

use super::lifecycle::{Ends, Lifecycle, Phase};
use super::readers;
use crate::error::Result;
use crate::v8::Isolate;

thread_local! {
    /// Of the isolate, whichever loaded copy of rs-profiler caused them.
    static SAMPLES: Cell<bool> = const { Cell::new(false) };
}

/// Whether snapshots have samples.
pub(super) fn have_samples() -> bool {
    SAMPLES.try_with(Cell::get).unwrap_or(false)
}

fn set_samples(samples: bool) {
    let _ = SAMPLES.try_with(|cell| cell.set(samples));
}

/// Object tracking of one environment.
pub struct Tracking {
    life: Rc<Lifecycle>,
    running: Cell<bool>,
}

impl Tracking {
    pub(super) fn new(life: &Rc<Lifecycle>) -> Rc<Tracking> {
        let tracking = Rc::new(Tracking {
            life: Rc::clone(life),
            running: Cell::new(false),
        });
        life.register(Phase::Tracking, &tracking);
        tracking
    }

    /// Tracking and its statistics share tables with `HeapSnapshot::Serialize`: nobody may be in it.
    fn isolate(&self) -> Result<Isolate> {
        let isolate = self.life.isolate()?;
        readers::settle();
        Ok(isolate)
    }

    pub fn start(&self) -> Result<()> {
        self.isolate()?.start_tracking_heap_objects();
        self.running.set(true);
        set_samples(true);
        Ok(())
    }

    pub fn stop(&self) -> Result<()> {
        self.isolate()?.stop_tracking_heap_objects();
        self.running.set(false);
        set_samples(false);
        Ok(())
    }

    /// Triples of fragment index, count and size, flat, and the last seen object id.
    pub fn heap_stats(&self) -> Result<(Vec<u32>, u32)> {
        let (updates, last) = self.isolate()?.heap_stats();
        // V8 keeps a sample of each call, whether tracking was started or not.
        set_samples(true);
        Ok((
            updates
                .iter()
                .flat_map(|update| [update.index, update.count, update.size])
                .collect(),
            last,
        ))
    }

    /// Returns when no other thread reads a snapshot of this isolate.
    pub fn settle_texts(&self) {
        readers::settle();
    }

    /// Says whether V8 has samples, which another addon in this thread may have caused.
    pub fn set_samples(&self, samples: bool) {
        set_samples(samples);
    }
}

impl Ends for Tracking {
    fn end(&self, isolate: Isolate) {
        if self.running.replace(false) {
            readers::settle();
            isolate.stop_tracking_heap_objects();
            set_samples(false);
        }
    }
}

impl Drop for Tracking {
    fn drop(&mut self) {
        if let Ok(isolate) = self.life.isolate() {
            self.end(isolate);
        }
    }
}
