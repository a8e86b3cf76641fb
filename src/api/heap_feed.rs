//! `NativeHeapFeed`: a heap snapshot that is opened, or summed up, while JavaScript brings it piece by piece.

use std::sync::Arc;

use napi::bindgen_prelude::{Buffer, ClassInstance, Env, Object, Result};
use napi_derive::napi;

use super::analysis_task::NativeTask;
use super::heap_analysis::{promise_of, NativeHeapAnalysis};
use super::promise::promise;
use crate::analysis::{open_feed, summarize_feed, Feed, Opened, Outcome, Room};

/// Whether more may come.
#[napi(string_enum = "camelCase")]
pub enum FeedRoom {
    More,
    Full,
    Over,
}

/// How to open what comes.
#[napi(object, object_to_js = false)]
pub struct NativeFeedOptions<'env> {
    /// Whether what is whole of a text that was cut off will do.
    pub partial: bool,
    /// Whether it is summed up, not opened.
    pub summarize: bool,
    pub task: ClassInstance<'env, NativeTask>,
}

#[napi]
pub struct NativeHeapFeed {
    feed: Feed,
    reading: Reading,
}

/// What becomes of the text.
enum Reading {
    Opened(Arc<Outcome<Opened>>),
    Summed(Arc<Outcome<String>>),
}

#[napi]
impl NativeHeapFeed {
    /// Begins to read. A promise comes with `come` only: a stream that never brings anything keeps no process alive.
    #[napi(constructor, catch_unwind)]
    pub fn new(options: NativeFeedOptions<'_>) -> Self {
        let feed = Feed::default();
        let work = options.task.work();
        let reading = match options.summarize {
            true => Reading::Summed(summarize_feed(&feed, work)),
            false => Reading::Opened(open_feed(&feed, options.partial, work)),
        };
        NativeHeapFeed { feed, reading }
    }

    /// Takes a piece, and says whether more may come at once. Copied: JavaScript may change its own meanwhile.
    #[napi(catch_unwind)]
    pub fn push(&self, piece: Buffer) -> FeedRoom {
        match self.feed.push(piece.to_vec()) {
            Room::More => FeedRoom::More,
            Room::Full => FeedRoom::Full,
            Room::Over => FeedRoom::Over,
        }
    }

    /// A promise of room, or of nobody reading any more.
    #[napi(catch_unwind)]
    pub fn room<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        promise(
            env,
            |_| Ok(()),
            |settle| {
                self.feed.when_room(move || settle(Ok(())));
                Ok(())
            },
        )
    }

    /// There is no more; `whole` when there should not be.
    #[napi(catch_unwind)]
    pub fn end(&self, whole: bool) {
        if whole {
            self.feed.end();
        } else {
            self.feed.break_off();
        }
    }

    /// A promise of the analysis, or of the JSON of the sums, once.
    #[napi(catch_unwind)]
    pub fn come<'env>(&self, env: &'env Env, task: ClassInstance<'_, NativeTask>) -> Result<Object<'env>> {
        match &self.reading {
            Reading::Opened(outcome) => promise_of(env, &task, outcome, NativeHeapAnalysis::new),
            Reading::Summed(outcome) => promise_of(env, &task, outcome, |json| json),
        }
    }
}
