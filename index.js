'use strict';
// The npm face. All is loaded now: the first capture does not pay for it, and none fails because no file can be opened any more.
// A failure to load the addon or the shim is told by the functions that need what is missing, never here.

const heap = require('./lib/compat/heap');
const cpu = require('./lib/compat/cpu');
const sampling = require('./lib/compat/sampling');
const { captureCpuProfile } = require('./lib/capture/cpu');
const { captureSamplingHeapProfile } = require('./lib/capture/sampling');
const { createHeapSnapshotStream, writeHeapSnapshot } = require('./lib/capture/snapshot');
const { capabilities } = require('./lib/native/capabilities');
const { describe } = require('./lib/native/environment');
const { tryDefine } = require('./lib/native/properties');

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

  writeHeapSnapshot: (path, options) => writeHeapSnapshot(path, options),
  createHeapSnapshotStream: (options) => createHeapSnapshotStream(options),
  captureCpuProfile: (options) => captureCpuProfile(options),
  captureSamplingHeapProfile: (options) => captureSamplingHeapProfile(options),
  warmUp: () => cpu.warmUp(),
  coolDown: () => cpu.coolDown(),
  capabilities: () => capabilities(),
};

// For `import profiler from`, as compilers of older TypeScript and Babel code write it.
Object.defineProperty(profiler, 'default', { __proto__: null, value: profiler });

// A frozen `process` goes without.
tryDefine(process, 'profiler', profiler);
describe();

module.exports = profiler;
