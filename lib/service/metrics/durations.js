'use strict';
// A histogram of durations: constant memory, one increment a value.

/** Buckets for each doubling: a value is known to a sixteenth, below 16 microseconds to one microsecond. */
const PARTS = 16;
/** Up to 2^26 microseconds, 67 seconds, one after another; what lasts longer is in the last. */
const DOUBLINGS = 26;
const LAST_US = 2 ** DOUBLINGS - 1;
const LONGEST_MS = LAST_US / 1000;

/** The bounds in seconds that OpenTelemetry recommends for durations of requests. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const BOUNDS_MS = BOUNDS.map((seconds) => seconds * 1000);

/** Below PARTS microseconds each has a bucket; above, PARTS for each power of two. */
function bucketOf(us) {
  if (us < PARTS) return us;
  const power = 31 - Math.clz32(us);
  return (power - 3) * PARTS + ((us >>> (power - 4)) & (PARTS - 1));
}

/** The middle of a bucket, in microseconds. */
function middleOf(bucket) {
  if (bucket < PARTS) return bucket;
  const power = Math.floor(bucket / PARTS) + 3;
  const width = 2 ** (power - 4);
  return 2 ** power + (bucket % PARTS) * width + width / 2;
}

class Durations {
  #buckets = new Uint32Array((DOUBLINGS - 2) * PARTS);
  #bounded = new Uint32Array(BOUNDS.length);
  count = 0;
  /** In milliseconds. */
  sum = 0;
  max = 0;

  /** Counts a duration in milliseconds. */
  record(ms) {
    // Whole numbers from here on: this runs for each request.
    const us = ms < LONGEST_MS ? (ms * 1000 + 0.5) | 0 : LAST_US;
    this.#buckets[us > 0 ? bucketOf(us) : 0] += 1;
    this.count += 1;
    this.sum += ms;
    if (ms > this.max) this.max = ms;
    // Most are short: the first that fits is near the front.
    for (let at = 0; at < BOUNDS_MS.length; at += 1) {
      if (ms <= BOUNDS_MS[at]) {
        this.#bounded[at] += 1;
        break;
      }
    }
  }

  /** Adds what another one has counted. */
  add(other) {
    for (let at = 0; at < this.#buckets.length; at += 1) this.#buckets[at] += other.#buckets[at];
    for (let at = 0; at < this.#bounded.length; at += 1) this.#bounded[at] += other.#bounded[at];
    this.count += other.count;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
  }

  /** The duration in milliseconds below which a share of all lies, to a sixteenth; 0 without any. */
  quantile(share) {
    if (this.count === 0) return 0;
    let left = Math.max(1, Math.ceil(this.count * share));
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      left -= this.#buckets[bucket];
      if (left <= 0) return Math.min(middleOf(bucket) / 1000, this.max);
    }
    return this.max;
  }

  /** Pairs of a bound in seconds and how many lie at or below it. */
  cumulative() {
    let sum = 0;
    return BOUNDS.map((bound, at) => [bound, (sum += this.#bounded[at])]);
  }

  /** What a table shows of it, in milliseconds. */
  summary() {
    return {
      count: this.count,
      meanMs: this.count === 0 ? 0 : this.sum / this.count,
      p50Ms: this.quantile(0.5),
      p99Ms: this.quantile(0.99),
      maxMs: this.max,
    };
  }
}

module.exports = { Durations };
