'use strict';
// Drives a generator of lib/jest/judge.js: one driver for functions that return, one for functions that return a promise.

const { collect, settle } = require('./collect');

const isThenable = (value) => value !== null && (typeof value === 'object' || typeof value === 'function')
  && typeof value.then === 'function';

/** Runs a generator to its end in this job. */
function driveSync(steps, fn) {
  try {
    let step = steps.next();
    while (!step.done) {
      if (step.value.settle) collect();
      else for (let call = 0; call < step.value.calls; call += 1) fn();
      step = steps.next();
    }
    return step.value;
  } finally {
    // What the function throws ends the generator too, which then removes its files.
    steps.return();
  }
}

/**
 * Runs a generator to its end, one call after the other, and the event loop in between.
 * @param {Generator} steps
 * @param {Function} fn
 * @param {{ forMs?: number }} [options] how long timers of the calls are waited for
 */
async function driveAsync(steps, fn, { forMs = 0 } = {}) {
  try {
    let step = steps.next();
    while (!step.done) {
      if (step.value.settle) await settle(forMs);
      else for (let call = 0; call < step.value.calls; call += 1) await fn();
      step = steps.next();
    }
    return step.value;
  } finally {
    steps.return();
  }
}

module.exports = { driveAsync, driveSync, isThenable };
