'use strict';
// The conditions that are looked at from time to time: what is measured, and how it is compared.

const { now } = require('../clock');
const { readMemoryLimits } = require('../memory-limits');

/** Part of V8's limit of this thread's heap that is used. */
function heapUsedRatio() {
  const { used_heap_size: used, heap_size_limit: limit } = require('v8').getHeapStatistics();
  return used / limit;
}

/** Of the tightest cgroup, file cache that the kernel can drop not counted. Undefined where no cgroup has a limit. */
function cgroupRatio() {
  const ratios = readMemoryLimits()
    .filter(({ limit }) => limit === 'cgroup')
    .map(({ usedBytes, limitBytes }) => usedBytes / limitBytes);
  return ratios.length === 0 ? undefined : Math.max(...ratios);
}

/** CPU time of the whole process by time passed, over the last `overMs`: 1 is one core. */
class CpuRatio {
  #overMs;
  #history = [];

  constructor(overMs) {
    this.#overMs = overMs;
  }

  /** Undefined until there are enough readings. */
  read() {
    const at = now();
    const { user, system } = process.cpuUsage();
    const history = this.#history;
    history.push({ at, cpuMs: (user + system) / 1e3 });
    // The first is the last one that is old enough.
    while (history.length > 1 && at - history[1].at >= this.#overMs) history.shift();
    const [first] = history;
    const passed = at - first.at;
    return passed < this.#overMs ? undefined : (history[history.length - 1].cpuMs - first.cpuMs) / passed;
  }
}

/** Undefined when it fails: what is read in files of the system cannot be where no descriptor is left. */
function attempt(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * What to look at for some conditions: `{ condition, limit, read }`. A reading is undefined when there is nothing to compare.
 * @param {object} conditions checked
 */
function readingsOf({ heapUsedRatio: heap, rssBytes, cgroupRatio: cgroup, cpuRatio }) {
  const readings = [];
  const add = (condition, limit, read) => limit !== undefined && readings.push({ condition, limit, read: () => attempt(read) });
  add('heapUsedRatio', heap, heapUsedRatio);
  add('rssBytes', rssBytes, () => process.memoryUsage.rss());
  add('cgroupRatio', cgroup, cgroupRatio);
  if (cpuRatio) {
    const cpu = new CpuRatio(cpuRatio.overMs);
    add('cpuRatio', cpuRatio.ratio, () => cpu.read());
  }
  return readings;
}

module.exports = { CpuRatio, readingsOf };
