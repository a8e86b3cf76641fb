'use strict';
// The npm face. The addon, the shim and the JavaScript of the v8-profiler face are loaded now, so that the first capture does
// not pay for it; the rest when it is called. A failure to load is told by the functions that need what is missing, never here.

const heap = require('./lib/heap');
const cpu = require('./lib/cpu');
const sampling = require('./lib/sampling');
const state = require('./lib/state');
const { tryDefine } = require('./lib/properties');

/** Takes files of this package out of the cache that an interruption (a time limit of `vm`) left half loaded. */
function forgetHalfLoaded() {
  for (const [file, loading] of Object.entries(require.cache || {})) {
    if (file.startsWith(__dirname) && loading && !loading.loaded) delete require.cache[file];
  }
}

/** Loads a file once: this copy keeps it when `require.cache` is cleared later, as a Jest registry reset does. */
const once = (load) => {
  let loaded;
  let begun = false;
  return () => {
    if (loaded) return loaded;
    if (begun) forgetHalfLoaded();
    begun = true;
    return (loaded = load());
  };
};
const writers = once(() => require('./lib/write-snapshot').snapshotWriters(heap));
const capture = once(() => require('./lib/capture').captures(state, sampling));
const capabilities = once(() => require('./lib/capabilities'));

/** The keys of v8-profiler-next in its order, then those of v8-profiler before 5.6, then the promise-based face. */
const profiler = {
  get snapshots() {
    return heap.snapshots;
  },
  takeSnapshot: (name, control) => heap.takeSnapshot(name, control),
  deleteAllSnapshots: () => heap.deleteAllSnapshots(),
  startTrackingHeapObjects: () => heap.startTrackingHeapObjects(),
  stopTrackingHeapObjects: () => heap.stopTrackingHeapObjects(),
  getHeapStats: (iterator, callback) => heap.getHeapStats(iterator, callback),
  getObjectByHeapObjectId: (id) => heap.getObjectByHeapObjectId(id),
  getHeapObjectId: (...args) => heap.getHeapObjectId(...args),
  get profiles() {
    return cpu.profiles;
  },
  setGenerateType: (type) => cpu.setGenerateType(type),
  setProfilesCleanupLimit: (limit) => cpu.setProfilesCleanupLimit(limit),
  startProfiling: (name, recsamples, mode) => cpu.startProfiling(name, recsamples, mode),
  stopProfiling: (name) => cpu.stopProfiling(name),
  setSamplingInterval: (us) => cpu.setSamplingInterval(us),
  deleteAllProfiles: () => cpu.deleteAllProfiles(),
  collectSample: () => cpu.collectSample(),
  startSamplingHeapProfiling: (...args) => sampling.startSamplingHeapProfiling(...args),
  stopSamplingHeapProfiling: () => sampling.stopSamplingHeapProfiling(),

  getSnapshot: (index) => heap.getSnapshot(index),
  findSnapshot: (uid) => heap.findSnapshot(uid),
  getProfile: (index) => cpu.getProfile(index),
  findProfile: (uid) => cpu.findProfile(uid),

  writeHeapSnapshot: (path, options) => writers().writeHeapSnapshot(path, options),
  createHeapSnapshotStream: (options) => writers().createHeapSnapshotStream(options),
  captureCpuProfile: (options) => capture().captureCpuProfile(options),
  captureSamplingHeapProfile: (options) => capture().captureSamplingHeapProfile(options),
  warmUp: () => cpu.warmUp(),
  coolDown: () => cpu.coolDown(),
  capabilities: () => capabilities().capabilities(state),
};

// For `import profiler from`, as compilers of older TypeScript and Babel code write it.
Object.defineProperty(profiler, 'default', { __proto__: null, value: profiler });

// A frozen `process` goes without.
tryDefine(process, 'profiler', profiler);
state.describe();

module.exports = profiler;
