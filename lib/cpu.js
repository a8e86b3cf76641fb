'use strict';
// The CPU half of the v8-profiler face: which profiles run, what is stopped by which name, settings.

const { CpuProfile, detach } = require('./cpu-profile');
const { invalidArgument, makeError, native, refuseSymbol } = require('./errors');

/** V8 cuts titles at this length; names that agree so far are the same profile. */
const TITLE_LIMIT = 1024;
const DEFAULT_INTERVAL_US = 1000;
/** The name of the start that warmUp makes. */
const PRACTICE = 'rs-profiler warmUp';
const LONGEST_INTERVAL_US = 0x7fffffff;

/**
 * The CPU profiler of one copy. This file is loaded late, perhaps after a Jest registry reset: the copy's lib/state is handed
 * in, lest it be another's.
 */
class CpuProfiler {
  profiles = [];
  #getEnvironment;
  /** Running profiles, in the order of their start: `{ name, recording, startTime }`. */
  #running = [];
  #lastUid = 0;
  #intervalUs = DEFAULT_INTERVAL_US;
  #generateType = 0;
  #cleanupLimit = 0;

  constructor({ getEnvironment }) {
    this.#getEnvironment = getEnvironment;
  }

  /** Calls a hook that old versions of Node had for idle time. */
  #notifyIdle(method) {
    if (this.#running.length === 0 && typeof process[method] === 'function') process[method]();
  }

  startProfiling(name, recsamples, mode) {
    if (typeof name === 'boolean') {
      recsamples = name;
      name = '';
    }
    refuseSymbol(name);
    const title = (name ? '' + name : '').slice(0, TITLE_LIMIT);
    if (this.#running.some((profile) => profile.name === title)) return;
    const environment = this.#getEnvironment();
    this.#notifyIdle('_startProfilerIdleNotifier');
    const recordSamples = recsamples === undefined ? true : Boolean(recsamples);
    const recording = native(() => environment.startCpu(this.#intervalUs, recordSamples, false, mode === 1));
    this.#running.push({ name: title, recording, startTime: Date.now() });
  }

  /** Takes the profile to stop out of the list. Undefined: there is none of this name. */
  #takeRunning(name) {
    if (name) {
      const at = typeof name === 'string' ? this.#running.findIndex((profile) => profile.name === name.slice(0, TITLE_LIMIT)) : -1;
      return at < 0 ? undefined : this.#running.splice(at, 1)[0];
    }
    if (name !== undefined && name !== '') throw invalidArgument('Wrong argument [0] type (wait String)');
    if (this.#running.length === 0) {
      throw makeError('NOT_RUNNING', 'No CPU profile is running; call startProfiling() before stopProfiling().');
    }
    return this.#running.pop();
  }

  stopProfiling(name) {
    const stopped = this.#takeRunning(name);
    if (!stopped) return undefined;
    const environment = this.#getEnvironment();
    const taken = native(() => environment.stopCpu(stopped.recording, this.#cleanupLimit));
    this.#notifyIdle('_stopProfilerIdleNotifier');
    const uid = String(this.#lastUid++);
    const profile = new CpuProfile(taken, this.#generateType === 1 ? 'nodes' : 'tree', {
      uid, title: stopped.name || `Profile ${uid}`, startTime: stopped.startTime, endTime: Date.now(),
    }, this.profiles);
    this.profiles[uid] = profile;
    if (taken.keepsLogging()) detach(taken);
    return profile;
  }

  setSamplingInterval(us) {
    if (this.#running.length > 0) {
      throw makeError('BUSY', 'setSamplingInterval must be called when there are no profiles being recorded.');
    }
    refuseSymbol(us);
    const wanted = parseInt(us, 10) || DEFAULT_INTERVAL_US;
    // In v8-profiler-next a negative number wraps to a very long interval.
    this.#intervalUs = wanted < 0 ? LONGEST_INTERVAL_US : Math.min(wanted, LONGEST_INTERVAL_US);
  }

  setGenerateType(type) {
    if (type !== 0 && type !== 1) {
      // eslint-disable-next-line no-console -- a line of v8-profiler-next that callers know
      console.error(`type should in [0, 1], got ${String(type)}.`);
      return;
    }
    this.#generateType = type;
  }

  setProfilesCleanupLimit(limit) {
    if (typeof limit === 'symbol' || isNaN(limit)) {
      // eslint-disable-next-line no-console -- a line of v8-profiler-next that callers know
      console.error('limit should be number.');
      return;
    }
    this.#cleanupLimit = Number(limit) >>> 0;
  }

  deleteAllProfiles() {
    for (const key of Object.keys(this.profiles)) this.profiles[key].delete();
  }

  collectSample() {
    const environment = this.#getEnvironment();
    native(() => environment.collectSample());
  }

  /**
   * Keeps V8's CPU profiler logging code, so that later starts cost about a millisecond instead of 65 ms and more (400 ms
   * with a heap of 500 MB). The cost: that much once, now, and a little for every function compiled from now on.
   */
  warmUp() {
    const environment = this.#getEnvironment();
    native(() => environment.warmUp());
    // The first call of a function is the one that compiles it: one start that leaves nothing behind. Not beside a profile that
    // runs, whose interval may be another.
    if (this.#running.length > 0) return;
    this.startProfiling(PRACTICE, false);
    const { recording } = this.#takeRunning(PRACTICE);
    detach(native(() => environment.stopCpu(recording, this.#cleanupLimit)));
  }

  /** Ends what `warmUp` began. Profiles that run go on. */
  coolDown() {
    const environment = this.#getEnvironment();
    native(() => environment.coolDown());
  }

  /** The profile at a position of the registry. From v8-profiler 5.1 to 5.5. */
  getProfile(index) {
    return this.profiles[index];
  }

  /** The profile with a uid, compared loosely. From v8-profiler 5.1 to 5.5. */
  findProfile(uid) {
    return Object.values(this.profiles).find((profile) => profile.uid == uid); // eslint-disable-line eqeqeq
  }
}

module.exports = { CpuProfiler };
