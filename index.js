'use strict';
// The npm face. Loaded now is what is slow to load, the native parts and Node's streams, and what the shortest of first
// captures, the sampling heap profile, needs; the rest when it is called. A failure to load is told by the functions that need
// what is missing, never here.

const state = require('./lib/state');
const sampling = require('./lib/sampling');

/** Loads a file once: this copy keeps it when `require.cache` is cleared later, as a Jest registry reset does. */
const once = (load) => {
  let loaded;
  return () => (loaded ??= load());
};
const heap = once(() => new (require('./lib/heap').HeapProfiler)(state));
const cpu = once(() => new (require('./lib/cpu').CpuProfiler)(state));
const writers = once(() => require('./lib/write-snapshot').snapshotWriters(heap(), state));
const capture = once(() => require('./lib/capture').captures(state, sampling));
const nearHeapLimit = once(() => require('./lib/near-heap-limit'));
const watching = once(() => require('./lib/watch'));
const capabilities = once(() => require('./lib/capabilities'));
const heapAnalysis = once(() => require('./lib/analysis/heap'));
const cpuAnalysis = once(() => require('./lib/analysis/cpu'));
const conversion = once(() => require('./lib/analysis/convert'));
const reports = once(() => require('./lib/report'));

/** What a watch captures with. */
const watchParts = once(() => ({
  environment: () => heap().environment(),
  'heap-snapshot': (path, options) => writers().writeHeapSnapshot(path, options),
  'cpu-profile': (path, options) => capture().captureCpuProfile({ ...options, path }, true),
  'sampling-heap-profile': (path, options) => capture().captureSamplingHeapProfile({ ...options, path }, true),
}));

/** The keys of v8-profiler-next in its order, then those of v8-profiler before 5.6, then the promise-based face. */
const profiler = {
  get snapshots() {
    return heap().snapshots;
  },
  takeSnapshot: (name, control) => heap().takeSnapshot(name, control),
  deleteAllSnapshots: () => heap().deleteAllSnapshots(),
  startTrackingHeapObjects: () => heap().startTrackingHeapObjects(),
  stopTrackingHeapObjects: () => heap().stopTrackingHeapObjects(),
  getHeapStats: (iterator, callback) => heap().getHeapStats(iterator, callback),
  getObjectByHeapObjectId: (id) => heap().getObjectByHeapObjectId(id),
  getHeapObjectId: (...args) => heap().getHeapObjectId(...args),
  get profiles() {
    return cpu().profiles;
  },
  setGenerateType: (type) => cpu().setGenerateType(type),
  setProfilesCleanupLimit: (limit) => cpu().setProfilesCleanupLimit(limit),
  startProfiling: (name, recsamples, mode) => cpu().startProfiling(name, recsamples, mode),
  stopProfiling: (name) => cpu().stopProfiling(name),
  setSamplingInterval: (us) => cpu().setSamplingInterval(us),
  deleteAllProfiles: () => cpu().deleteAllProfiles(),
  collectSample: () => cpu().collectSample(),
  startSamplingHeapProfiling: (...args) => sampling.startSamplingHeapProfiling(...args),
  stopSamplingHeapProfiling: () => sampling.stopSamplingHeapProfiling(),

  getSnapshot: (index) => heap().getSnapshot(index),
  findSnapshot: (uid) => heap().findSnapshot(uid),
  getProfile: (index) => cpu().getProfile(index),
  findProfile: (uid) => cpu().findProfile(uid),

  // Async here: what fails while a file is loaded (no descriptor is left, for instance) rejects as everything else does.
  writeHeapSnapshot: async (path, options) => writers().writeHeapSnapshot(path, options),
  createHeapSnapshotStream: (options) => writers().createHeapSnapshotStream(options),
  captureCpuProfile: async (options) => capture().captureCpuProfile(options),
  captureSamplingHeapProfile: async (options) => capture().captureSamplingHeapProfile(options),
  onNearHeapLimit: (options) => nearHeapLimit().onNearHeapLimit({ heap: heap(), state, sampling }, options),
  watch: (conditions, action) => watching().watch(watchParts(), conditions, action),
  warmUp: () => cpu().warmUp(),
  coolDown: () => cpu().coolDown(),
  capabilities: () => capabilities().capabilities(state),

  openHeapSnapshot: async (input, options) => heapAnalysis().openHeapSnapshot(input, options),
  redactHeapSnapshot: async (input, output, options) => heapAnalysis().redactHeapSnapshot(input, output, options),
  openCpuProfile: async (input, options) => cpuAnalysis().openCpuProfile(input, options),
  convert: async (input, output, options) => conversion().convert(input, output, options),
  writeReport: async (files, output, options) => reports().writeReport(files, output, options),
};

// For `import profiler from`, as compilers of older TypeScript and Babel code write it.
Object.defineProperty(profiler, 'default', { value: profiler });

// Where somebody has made it read-only, it stays theirs.
Reflect.set(process, 'profiler', profiler);
state.describe();

module.exports = profiler;
