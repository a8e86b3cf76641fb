'use strict';
// The heap half of the v8-profiler face: snapshots, object tracking, object ids.

const { native, refuseSymbol } = require('./errors');
const { cacheLineEnds } = require('./line-ends');
const { Snapshot } = require('./snapshot');

/** Calls `control(done, total)` with what V8 reported, ending with done === total. */
function replayProgress(taken, control) {
  const progress = taken.takeProgress();
  let last;
  for (let at = 0; at < progress.length; at += 2) {
    last = [progress[at], progress[at + 1]];
    control(last[0], last[1]);
  }
  if (!last || last[0] !== last[1]) {
    const total = last ? last[1] : taken.nodesCount();
    control(total, total);
  }
}

/**
 * The heap profiler of one copy. This file is loaded late, perhaps after a Jest registry reset: the copy's lib/state is handed
 * in, lest it be another's.
 */
class HeapProfiler {
  #getEnvironment;
  snapshots = {};

  constructor({ getEnvironment }) {
    this.#getEnvironment = getEnvironment;
  }

  /** The native environment of this copy. */
  environment() {
    return this.#getEnvironment();
  }

  /** Gives every object that has none an id, which later snapshots of this process keep, forked ones too. */
  numberObjects() {
    const environment = this.#getEnvironment();
    native(() => {
      environment.startTracking();
      environment.heapStats();
    });
  }

  /** Takes a snapshot natively. */
  takeNative({ exposeInternals = false, exposeNumericValues = false } = {}) {
    const environment = this.#getEnvironment();
    cacheLineEnds(environment);
    return native(() => environment.takeSnapshot(exposeInternals, exposeNumericValues));
  }

  takeSnapshot(name, control) {
    if (typeof name === 'function') {
      control = name;
      name = '';
    }
    refuseSymbol(name);
    const title = name ? '' + name : undefined;
    const taken = this.takeNative();
    if (typeof control === 'function') {
      try {
        replayProgress(taken, control);
      } catch (error) {
        taken.delete();
        throw error;
      }
    }
    const snapshot = new Snapshot(taken, title, this.snapshots);
    this.snapshots[snapshot.uid] = snapshot;
    return snapshot;
  }

  deleteAllSnapshots() {
    for (const key of Object.keys(this.snapshots)) this.snapshots[key].delete();
  }

  startTrackingHeapObjects() {
    const environment = this.#getEnvironment();
    native(() => environment.startTracking());
  }

  stopTrackingHeapObjects() {
    const environment = this.#getEnvironment();
    native(() => environment.stopTracking());
  }

  getHeapStats(iterator, callback) {
    const environment = this.#getEnvironment();
    const { updates, lastSeenObjectId } = native(() => environment.heapStats());
    if (typeof iterator === 'function') iterator(Array.from(updates));
    if (typeof callback === 'function') callback();
    return lastSeenObjectId;
  }

  getObjectByHeapObjectId(heapObjectId) {
    refuseSymbol(heapObjectId);
    const id = parseInt(heapObjectId, 10);
    if (isNaN(id)) return undefined;
    const environment = this.#getEnvironment();
    // 0 is what V8 gives to everything that it has not numbered.
    if (id < 1 || id > 0xffffffff) return undefined;
    const found = native(() => environment.findObject(id));
    if (!found) return undefined;
    return found.length === 0 ? 'Preview is not available' : found[0];
  }

  getHeapObjectId(...args) {
    if (args.length === 0) return undefined;
    const environment = this.#getEnvironment();
    return native(() => environment.objectId(args[0]));
  }

  /** The snapshot at a position of the registry. From v8-profiler 5.1 to 5.5. */
  getSnapshot(index) {
    return this.snapshots[index];
  }

  /** The snapshot with a uid, compared loosely. From v8-profiler 5.1 to 5.5. */
  findSnapshot(uid) {
    return Object.values(this.snapshots).find((snapshot) => snapshot.uid == uid); // eslint-disable-line eqeqeq
  }
}

module.exports = { HeapProfiler, replayProgress };
