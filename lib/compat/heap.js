'use strict';
// The heap half of the v8-profiler face: snapshots, object tracking, object ids.

const { getEnvironment } = require('../native/environment');
const { native, refuseSymbol } = require('../native/errors');
const { replayProgress, takeNative } = require('../native/heap-snapshot');
const { tryDefine } = require('../native/properties');
const { Snapshot } = require('./snapshot');
const { track } = require('../native/tracking');

const snapshots = {};

function takeSnapshot(name, control) {
  if (typeof name === 'function') {
    control = name;
    name = '';
  }
  refuseSymbol(name);
  const title = (name && '' + name) || undefined;
  const taken = takeNative();
  if (typeof control === 'function') {
    try {
      replayProgress(taken, control);
    } catch (error) {
      taken.delete();
      throw error;
    }
  }
  const snapshot = new Snapshot(taken, title, snapshots);
  // A registry that somebody froze takes nothing in; the caller gets the snapshot all the same.
  tryDefine(snapshots, snapshot.uid, snapshot);
  return snapshot;
}

function deleteAllSnapshots() {
  for (const key of Object.keys(snapshots)) snapshots[key].delete();
}

function startTrackingHeapObjects() {
  const environment = getEnvironment();
  track(environment, true, () => environment.startTracking());
}

function stopTrackingHeapObjects() {
  const environment = getEnvironment();
  track(environment, false, () => environment.stopTracking());
}

function getHeapStats(iterator, callback) {
  const environment = getEnvironment();
  const { updates, lastSeenObjectId } = track(environment, true, () => environment.heapStats());
  if (typeof iterator === 'function') iterator(Array.from(updates));
  if (typeof callback === 'function') callback();
  return lastSeenObjectId;
}

function getObjectByHeapObjectId(heapObjectId) {
  refuseSymbol(heapObjectId);
  const id = parseInt(heapObjectId, 10);
  if (isNaN(id)) return undefined;
  const environment = getEnvironment();
  // 0 is what V8 gives to everything that it has not numbered.
  if (id < 1 || id > 0xffffffff) return undefined;
  const found = native(() => environment.findObject(id));
  if (!found) return undefined;
  return found.value === undefined ? 'Preview is not available' : found.value;
}

function getHeapObjectId(...args) {
  if (args.length === 0) return undefined;
  const environment = getEnvironment();
  return native(() => environment.objectId(args[0]));
}

/** The snapshot at a position of the registry. From v8-profiler 5.1 to 5.5. */
function getSnapshot(index) {
  return snapshots[index];
}

/** The snapshot with a uid, compared loosely. From v8-profiler 5.1 to 5.5. */
function findSnapshot(uid) {
  return Object.values(snapshots).find((snapshot) => snapshot.uid == uid); // eslint-disable-line eqeqeq
}

module.exports = {
  deleteAllSnapshots, findSnapshot, getHeapObjectId, getHeapStats, getObjectByHeapObjectId, getSnapshot, snapshots,
  startTrackingHeapObjects, stopTrackingHeapObjects, takeSnapshot,
};
