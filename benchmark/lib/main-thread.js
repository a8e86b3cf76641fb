'use strict';

/**
 * What happens to the main thread while something runs: how long its event loop stood still, and how much CPU it used.
 *
 * The stop is the longest time between two ticks of a 1 ms timer, as a waiting request would feel it; the sum counts
 * every gap above `NOTICEABLE_MS`. The CPU time is the kernel's figure for this thread alone, other threads excluded, less
 * what the timer itself costs, which is measured right before.
 */

const fs = require('fs');

const INTERVAL_MS = 1;
const NOTICEABLE_MS = 5;
const SETTLE_MS = 30;
const CALIBRATE_MS = 100;
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

  /** Only what follows counts. */
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

/**
 * Observes the main thread during an operation.
 * @template T
 * @param {(again: () => void) => T | Promise<T>} operation its end is the settling of its promise; with `again()` it says
 * that only what follows counts
 * @returns {Promise<{ value: T, longestStopMs: number, stoppedMs: number, cpuMs: number, wallMs: number }>}
 */
async function observe(operation) {
  const heartbeat = new Heartbeat();
  await sleep(SETTLE_MS);
  heartbeat.reset();
  const idleCpu = cpuTime();
  await sleep(CALIBRATE_MS);
  const cpuPerTick = (cpuTime() - idleCpu) / Math.max(1, heartbeat.ticks);
  let cpu;
  let begin;
  // From here on it counts.
  const again = () => {
    begin = now();
    heartbeat.reset();
    cpu = cpuTime();
  };
  again();
  const value = await operation(again);
  const wallMs = now() - begin;
  const cpuMs = Math.max(0, cpuTime() - cpu - heartbeat.ticks * cpuPerTick);
  await sleep(5);
  heartbeat.close();
  return { value, longestStopMs: heartbeat.longestMs, stoppedMs: heartbeat.stoppedMs, cpuMs, wallMs };
}

module.exports = { Heartbeat, cpuTime, now, observe, sleep };
