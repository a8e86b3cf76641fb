'use strict';

/**
 * What happens to the main thread while something runs: how long its event loop stood still, or how much CPU it used.
 *
 * The stop is the longest time between two ticks of a 1 ms timer, as a waiting request would feel it; the sum counts
 * every gap above `NOTICEABLE_MS`. The CPU time is the kernel's figure for this thread alone, other threads excluded. One
 * tick costs some 0.1 ms of CPU, more than many an export: so CPU and wall time are taken in runs without the timer.
 */

const fs = require('fs');

const INTERVAL_MS = 1;
const NOTICEABLE_MS = 5;
const SETTLE_MS = 30;
const SCHEDSTAT = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds on a monotonic clock. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** CPU time of the main thread so far, in milliseconds. */
function cpuTime() {
  return parseInt(fs.readFileSync(SCHEDSTAT, 'latin1'), 10) / 1e6;
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A 1 ms timer that notes how far apart its ticks are. */
class Heartbeat {
  #timer;
  #last;
  longestMs = 0;
  stoppedMs = 0;
  ticks = 0;

  constructor() {
    this.reset();
    this.#timer = setInterval(() => this.#tick(), INTERVAL_MS);
  }

  #tick() {
    this.ticks++;
    const time = now();
    const gap = time - this.#last - INTERVAL_MS;
    if (gap > this.longestMs) this.longestMs = gap;
    if (gap > NOTICEABLE_MS) this.stoppedMs += gap;
    this.#last = time;
  }

  /** From here on it counts. */
  reset() {
    this.#last = now();
    this.longestMs = 0;
    this.stoppedMs = 0;
    this.ticks = 0;
  }

  close() {
    clearInterval(this.#timer);
  }
}

/** Runs an operation under the timer. */
async function observeStops(operation) {
  const heartbeat = new Heartbeat();
  await sleep(SETTLE_MS);
  heartbeat.reset();
  const value = await operation();
  await sleep(5);
  heartbeat.close();
  return { value, longestStopMs: heartbeat.longestMs, stoppedMs: heartbeat.stoppedMs };
}

/** Runs an operation alone. */
async function observeCpu(operation) {
  cpuTime();
  await sleep(SETTLE_MS);
  const cpu = cpuTime();
  const begin = now();
  const value = await operation();
  const wallMs = now() - begin;
  return { value, wallMs, cpuMs: cpuTime() - cpu };
}

/**
 * Observes the main thread during an operation, whose end is the settling of its promise.
 * @template T
 * @param {() => T | Promise<T>} operation
 * @param {'stops'|'cpu'} what
 * @returns {Promise<{ value: T, longestStopMs?: number, stoppedMs?: number, cpuMs?: number, wallMs?: number }>} the figures of
 *   the other kind are absent
 */
function observe(operation, what) {
  return what === 'stops' ? observeStops(operation) : observeCpu(operation);
}

module.exports = { Heartbeat, cpuTime, now, observe, sleep };
