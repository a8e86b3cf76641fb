'use strict';
// The npm face. All is loaded now: the first capture does not pay for it, and none fails because no file can be opened any more.
// A failure to load the addon or the shim is told by the functions that need what is missing, never here.

const { openHeapSnapshot, summarizeHeapSnapshot } = require('./lib/analysis/open');
const { captureCpuProfile } = require('./lib/capture/cpu');
const { captureSamplingHeapProfile } = require('./lib/capture/sampling');
const { writeHeapSnapshot } = require('./lib/capture/snapshot');
const { createHeapSnapshotStream } = require('./lib/capture/snapshot-stream');
const cpu = require('./lib/compat/cpu');
const heap = require('./lib/compat/heap');
const sampling = require('./lib/compat/sampling');
const { capabilities } = require('./lib/native/capabilities');
const { describe } = require('./lib/native/environment');
const { tryDefine } = require('./lib/native/properties');

/**
 * The list of public names: the keys of v8-profiler-next in its order, then those of v8-profiler before 5.6, then the
 * promise-based face. A test compares the other places that have them with it. No function uses `this`.
 */
const profiler = {
  get snapshots() {
    return heap.snapshots;
  },
  takeSnapshot: heap.takeSnapshot,
  deleteAllSnapshots: heap.deleteAllSnapshots,
  startTrackingHeapObjects: heap.startTrackingHeapObjects,
  stopTrackingHeapObjects: heap.stopTrackingHeapObjects,
  getHeapStats: heap.getHeapStats,
  getObjectByHeapObjectId: heap.getObjectByHeapObjectId,
  getHeapObjectId: heap.getHeapObjectId,
  get profiles() {
    return cpu.profiles;
  },
  setGenerateType: cpu.setGenerateType,
  setProfilesCleanupLimit: cpu.setProfilesCleanupLimit,
  startProfiling: cpu.startProfiling,
  stopProfiling: cpu.stopProfiling,
  setSamplingInterval: cpu.setSamplingInterval,
  deleteAllProfiles: cpu.deleteAllProfiles,
  collectSample: cpu.collectSample,
  startSamplingHeapProfiling: sampling.startSamplingHeapProfiling,
  stopSamplingHeapProfiling: sampling.stopSamplingHeapProfiling,

  getSnapshot: heap.getSnapshot,
  findSnapshot: heap.findSnapshot,
  getProfile: cpu.getProfile,
  findProfile: cpu.findProfile,

  writeHeapSnapshot,
  createHeapSnapshotStream,
  captureCpuProfile,
  captureSamplingHeapProfile,
  openHeapSnapshot,
  summarizeHeapSnapshot,
  warmUp: cpu.warmUp,
  coolDown: cpu.coolDown,
  capabilities,
};

// For `import profiler from`, as compilers of older TypeScript and Babel code write it.
Object.defineProperty(profiler, 'default', { __proto__: null, value: profiler });

// A frozen `process` goes without.
tryDefine(process, 'profiler', profiler);
describe();

module.exports = profiler;
