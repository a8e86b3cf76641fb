'use strict';

/**
 * The exported keys, in their order: what v8-profiler-next 1.10.0 has, then what v8-profiler had before 5.6.0,
 * then the promise-based calls.
 */

const compatible = [
  'snapshots',
  'takeSnapshot',
  'deleteAllSnapshots',
  'startTrackingHeapObjects',
  'stopTrackingHeapObjects',
  'getHeapStats',
  'getObjectByHeapObjectId',
  'getHeapObjectId',
  'profiles',
  'setGenerateType',
  'setProfilesCleanupLimit',
  'startProfiling',
  'stopProfiling',
  'setSamplingInterval',
  'deleteAllProfiles',
  'collectSample',
  'startSamplingHeapProfiling',
  'stopSamplingHeapProfiling',
];

const older = ['getSnapshot', 'findSnapshot', 'getProfile', 'findProfile'];

const modern = [
  'writeHeapSnapshot',
  'createHeapSnapshotStream',
  'captureCpuProfile',
  'captureSamplingHeapProfile',
  'openHeapSnapshot',
  'summarizeHeapSnapshot',
  'warmUp',
  'coolDown',
  'capabilities',
];

module.exports = { compatible, older, modern };
