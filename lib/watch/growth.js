'use strict';
// Growth of the heap: what is used right after full garbage collections, seen through windows of time.

const { now } = require('../clock');

/**
 * An observation is the least that was used right after a full collection within `windowMs`; a window without one gives none.
 * It is growth when each of `observations` in a row is larger than the one before, and the last by `minBytes` larger than the
 * first.
 */
class Growth {
  #options;
  #values = [];
  #window;

  constructor(options) {
    this.#options = options;
  }

  /** A full collection at a time, in milliseconds, left so many bytes in use. Returns the observations that are growth, or undefined. */
  collected(usedBytes, at) {
    const { windowMs } = this.#options;
    if (this.#window && at - this.#window.begin < windowMs) {
      this.#window.least = Math.min(this.#window.least, usedBytes);
      return undefined;
    }
    const found = this.#window && this.#observe(this.#window.least);
    this.#window = { begin: at, least: usedBytes };
    return found;
  }

  #observe(bytes) {
    const values = this.#values;
    if (values.length > 0 && bytes <= values[values.length - 1]) values.length = 0;
    values.push(bytes);
    const { observations, minBytes } = this.#options;
    if (values.length > observations) values.shift();
    return values.length === observations && bytes - values[0] >= minBytes ? [...values] : undefined;
  }

  /** From now on anew. */
  reset() {
    this.#values.length = 0;
    this.#window = undefined;
  }
}

/**
 * Hears of V8's full collections.
 * @param {(usedBytes: number, at: number) => void} heard
 * @returns {() => void} ends it
 */
function onFullCollection(heard) {
  const { PerformanceObserver, constants } = require('perf_hooks');
  const v8 = require('v8');
  const observer = new PerformanceObserver((list) => {
    if (list.getEntries().some(({ detail }) => detail && detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) {
      heard(v8.getHeapStatistics().used_heap_size, now());
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

module.exports = { Growth, onFullCollection };
