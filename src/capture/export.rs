//! A text that JavaScript asked for: begun when somebody reads it, on another thread if that may be.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::Arc;

use super::lifecycle::Lifecycle;
use crate::error::{Error, Result};
use crate::sink::{spawn_text, spool_text, Produce, Report, Running, Target, Task, TextStream};

/// How a text is to be made.
pub(super) struct Begun {
    pub produce: Produce,
    /// What it is made from must be read on the environment's thread.
    pub here: bool,
}

/// Begins a text, on the environment's thread.
pub(super) type Begin = Box<dyn FnOnce() -> Result<Begun>>;

/// A text made from something that must stay alive meanwhile.
pub struct Export {
    life: Rc<Lifecycle>,
    chunk_size: usize,
    begin: Cell<Option<Begin>>,
    stream: OnceCell<Arc<TextStream>>,
    running: RefCell<Option<Arc<dyn Running>>>,
    source: Cell<Option<Box<dyn Any>>>,
}

impl Export {
    /// `source` is what must stay alive: it is dropped when the text has ended or was given up.
    pub(super) fn new(life: &Rc<Lifecycle>, chunk_size: usize, begin: Begin, source: Box<dyn Any>) -> Export {
        Export {
            life: Rc::clone(life),
            chunk_size,
            begin: Cell::new(Some(begin)),
            stream: OnceCell::new(),
            running: RefCell::new(None),
            source: Cell::new(Some(source)),
        }
    }

    fn begin(&self) -> Result<Begun> {
        let begin = self.begin.take().ok_or(Error::Aborted)?;
        // Refused when the environment is closing.
        self.life.isolate()?;
        begin()
    }

    fn adopt(&self, running: Arc<dyn Running>) {
        self.life.adopt(&running);
        self.running.replace(Some(running));
    }

    /// The text as a stream; the first call starts it.
    pub fn stream(&self) -> Result<&Arc<TextStream>> {
        if let Some(stream) = self.stream.get() {
            return Ok(stream);
        }
        let Begun { produce, here } = self.begin()?;
        let stream = if here {
            spool_text(self.chunk_size, produce)?
        } else {
            let stream = spawn_text(self.chunk_size, produce)?;
            self.adopt(Arc::clone(&stream) as Arc<dyn Running>);
            stream
        };
        Ok(self.stream.get_or_init(|| stream))
    }

    /// Writes the text to a file, on another thread if that may be, and calls `done` there. When this fails, `done` was not
    /// called.
    pub fn write_file(
        &self,
        target: Target,
        progress: impl Fn(u64) + Send + 'static,
        done: impl FnOnce(Result<Report>) + Send + 'static,
    ) -> Result<()> {
        let Begun { produce, here } = self.begin()?;
        let work = move |stop: &AtomicBool| done(target.fill(produce, stop, &progress));
        if here {
            work(&AtomicBool::new(false));
        } else {
            self.adopt(Task::spawn(work)?);
        }
        Ok(())
    }

    /// Stops what still runs, and lets go of what it read. Repeatable.
    pub fn close(&self) {
        if let Some(source) = self.source.take() {
            drop(self.begin.take());
            if let Some(running) = self.running.take() {
                running.abort();
            }
            drop(source);
        }
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        self.close();
    }
}
