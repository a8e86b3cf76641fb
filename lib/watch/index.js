'use strict';
// `watch`: captures when a condition comes true. Never throws into the host, never keeps its process alive, and makes one capture
// at a time.

const path = require('path');
const { now } = require('../clock');
const { invalidArgument } = require('../errors');
const { checkChoice } = require('../options');
const { cleanUp, keepClean, newName } = require('../retention');
const { HostTurns, busy } = require('../service/turns');
const { SUFFIX } = require('../snapshot-options');
const { Growth, onFullCollection } = require('./growth');
const { KINDS, checkAction, checkConditions } = require('./options');
const { readingsOf } = require('./readings');
const { watchStalls } = require('./stalls');
const { findSuspects } = require('./suspects');

const EXTENSIONS = { 'heap-snapshot': 'heapsnapshot', 'cpu-profile': 'cpuprofile', 'sampling-heap-profile': 'heapprofile' };

/** Captures of all watches of this copy that are going on: one, or two while the profile of a stall is told. */
let capturing = 0;

/** Waits without keeping the process alive. */
const pause = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms).unref();
});

class Watch {
  #parts;
  #conditions;
  #action;
  #readings;
  #ends = [];
  #abort = new AbortController();
  #coolUntil = -Infinity;
  #busy = false;
  #turns;
  #count = 0;
  #stopped = false;
  #warned = false;

  /**
   * @param {object} parts what captures: the module's own functions, and `environment()`
   * @param {object} conditions checked
   * @param {object} action checked
   */
  constructor(parts, conditions, action) {
    this.#parts = parts;
    this.#conditions = conditions;
    this.#action = action;
    this.#readings = readingsOf(conditions);
    const { eventLoopDelayMs: delayMs, everyMs, growth } = conditions;
    // The only one that can fail.
    if (delayMs !== undefined) this.#watchLoop(delayMs);
    if (this.#readings.length > 0) this.#every(action.checkMs, () => this.#look());
    if (everyMs !== undefined) {
      this.#every(everyMs, () => this.#mayBegin() && this.#begin({ condition: 'everyMs', value: everyMs, limit: everyMs }, false));
    }
    if (growth) this.#watchGrowth(growth);
    if (action.folder !== undefined) this.#ends.push(keepClean(action.folder, action.retention));
  }

  /**
   * The turn to capture into the folder, among all processes and the debug routes: a limit of a cgroup is reached by all workers at
   * once. Undefined when it is somebody else's.
   */
  async #turn(kind) {
    this.#turns ??= new HostTurns(this.#action.folder);
    try {
      return await this.#turns.take({ kind });
    } catch (error) {
      if (error.code === 'ERR_RS_PROFILER_BUSY') return undefined;
      throw error;
    }
  }

  /** How many captures were begun. */
  get count() {
    return this.#count;
  }

  /** Whether a capture of this watch, or a call of its function, is going on. */
  get busy() {
    return this.#busy;
  }

  /** Whether it has ended: by `stop()`, or because `maxCount` was reached. */
  get stopped() {
    return this.#stopped;
  }

  /** Ends it. A file that is being written becomes complete; a recording or comparison that is going on is not told of any more. */
  stop() {
    this.#end();
    this.#abort.abort();
  }

  /** Captures now, whatever the conditions are. Returns false when it has ended or something is being captured. */
  capture(kind = this.#action.kind || KINDS[0]) {
    checkChoice({ kind }, 'kind', KINDS);
    if (!this.#mayBegin()) return false;
    this.#begin({ condition: 'call', value: null, limit: null }, false, () => this.#captureOne(kind), kind);
    return true;
  }

  #end() {
    this.#stopped = true;
    for (const end of this.#ends.splice(0)) end();
  }

  #every(ms, run) {
    const timer = setInterval(run, ms).unref();
    this.#ends.push(() => clearInterval(timer));
  }

  #mayBegin() {
    return !this.#stopped && !this.#busy && (this.#action.run !== undefined || capturing === 0);
  }

  #isDue() {
    return this.#mayBegin() && now() >= this.#coolUntil;
  }

  #look() {
    // All are read, because some need their past.
    const values = this.#readings.map((reading) => ({ ...reading, value: reading.read() }));
    if (!this.#isDue()) return;
    const found = values.find(({ value, limit }) => value !== undefined && value >= limit);
    if (found) this.#begin({ condition: found.condition, value: found.value, limit: found.limit });
  }

  #watchGrowth(options) {
    const growth = new Growth(options);
    this.#ends.push(onFullCollection((usedBytes, at) => {
      const observations = growth.collected(usedBytes, at);
      if (!observations || !this.#isDue()) return;
      growth.reset();
      const value = observations[observations.length - 1] - observations[0];
      this.#begin({ condition: 'growth', value, limit: options.minBytes, observations });
    }));
  }

  #watchLoop(delayMs) {
    const { folder, captures } = this.#action;
    const { durationMs: longestMs, samplingIntervalUs } = captures['cpu-profile'];
    const options = { delayMs, longestMs, samplingIntervalUs, folder };
    const end = watchStalls(this.#parts.environment(), options, () => this.#isDue(), ({ error, stall, ...file }) => {
      const event = { condition: 'eventLoopDelayMs', value: stall.stalledMs, limit: delayMs, stall };
      this.#begin(event, true, async () => {
        if (error) throw error;
        return { kind: 'cpu-profile', ...file };
      });
    });
    this.#ends.push(end);
  }

  /** Does what is to be done, and tells it. Nothing is thrown. */
  async #begin(found, mayCool = true, captured = () => this.#capture(found), kind = this.#kindOf(found)) {
    const event = { ...found, time: new Date().toISOString() };
    const { run, callback, coolDownMs, maxCount, folder } = this.#action;
    this.#busy = true;
    const captures = !run || event.stall || event.condition === 'call';
    const calls = run && event.condition !== 'call';
    if (captures) capturing += 1;
    let release;
    let cool = mayCool;
    try {
      // The profile of a stall is there already.
      if (captures && !event.stall && folder !== undefined) {
        release = await this.#turn(kind);
        if (!release) {
          if (event.condition === 'call') throw busy(this.#turns.current());
          // One of those with the same limit captures; another heap waits for its turn.
          cool = event.condition === 'cgroupRatio';
          return;
        }
      }
      this.#count += 1;
      if (this.#count >= maxCount) this.#end();
      const own = captures ? await captured() : {};
      release = release?.();
      const result = calls ? await run({ ...event, ...own }) : undefined;
      this.#tell(callback, null, { ...event, ...own, ...(calls && { result }), removed: await this.#cleanUp(own) });
    } catch (error) {
      const isObject = error !== null && typeof error === 'object' && Object.isExtensible(error);
      if (isObject && error.condition === undefined) error.condition = event.condition;
      this.#tell(callback, error, null);
    } finally {
      release?.();
      this.#busy = false;
      if (captures) capturing -= 1;
      if (cool) this.#coolUntil = now() + coolDownMs;
    }
  }

  /** An error of the callback would end the host; it is told as a warning, once. */
  #tell(callback, error, result) {
    if (!callback || this.#abort.signal.aborted) return;
    try {
      callback(error, result);
    } catch (thrown) {
      if (this.#warned) return;
      this.#warned = true;
      const text = `The callback of rs-profiler's watch() threw, which ends no process: ${thrown && thrown.stack ? thrown.stack : thrown}`;
      process.emitWarning(text, 'RsProfilerWarning');
    }
  }

  async #cleanUp({ path: file, base }) {
    const { folder, retention } = this.#action;
    if (!file || folder === undefined) return [];
    return cleanUp(folder, retention, [file, base].filter(Boolean).map((name) => path.basename(name)));
  }

  /** What a condition has captured: what was chosen, where it leaves a choice. */
  #kindOf({ condition }) {
    if (condition === 'growth') return 'heap-snapshot';
    return this.#action.kind || (condition === 'cpuRatio' ? 'cpu-profile' : 'heap-snapshot');
  }

  #capture(found) {
    return found.condition === 'growth' ? this.#compare() : this.#captureOne(this.#kindOf(found));
  }

  async #captureOne(kind) {
    if (this.#action.folder === undefined) throw invalidArgument('This watch has a function and no folder: name one to capture into.');
    const options = this.#action.captures[kind];
    const suffix = kind === 'heap-snapshot' ? SUFFIX[options.compress || 'none'] : '';
    const target = path.join(this.#action.folder, newName(kind, EXTENSIONS[kind] + suffix));
    const capture = await this.#parts[kind](target, options);
    return { kind, path: capture.path, bytes: capture.bytes, capture };
  }

  /** Two snapshots, and what grew between them. */
  async #compare() {
    const { gapMs, analyse } = this.#conditions.growth;
    const first = await this.#captureOne('heap-snapshot');
    await pause(gapMs);
    const later = await this.#captureOne('heap-snapshot');
    const found = { ...later, base: first.path, suspects: null, sentence: null };
    if (!analyse || this.#abort.signal.aborted) return found;
    const suspects = await findSuspects(first.path, later.path, this.#abort.signal);
    const sentence = suspects.length > 0 ? suspects[0].sentence : 'Nothing grew between the two snapshots that looks like a leak.';
    return { ...found, suspects, sentence };
  }
}

/** See `watch` in index.d.ts. */
function watch(parts, conditions, action) {
  const checked = conditions === null ? {} : checkConditions(conditions);
  return new Watch(parts, checked, checkAction(action));
}

module.exports = { watch };
