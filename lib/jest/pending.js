'use strict';
// Work that calls of a function leave behind and that ends by itself in a later turn of the event loop.

const { createHook } = require('async_hooks');

/** Timers that are due later than this are taken for held. */
const SOON_MS = 250;
const SOON_KINDS = new Set(['Immediate', 'TickObject', 'Microtask']);

/**
 * Notes what a part of the run starts. Between `start` and `end`, async hooks cost time and memory, so nothing is measured then.
 * @returns {{ end(): { soon: boolean, forMs: number } }} `soon`: something is due; `forMs`: the longest of its timers
 */
function notePending() {
  let soon = false;
  let forMs = 0;
  const hook = createHook({
    init(id, type, trigger, resource) {
      if (SOON_KINDS.has(type)) soon = true;
      if (type === 'Timeout' && resource._repeat === null && resource._idleTimeout <= SOON_MS) {
        soon = true;
        forMs = Math.max(forMs, resource._idleTimeout);
      }
    },
    // Only a settled promise has reactions to run.
    promiseResolve() {
      soon = true;
    },
  });
  hook.enable();
  return {
    end() {
      hook.disable();
      return { soon, forMs };
    },
  };
}

module.exports = { notePending };
