'use strict';
// The CPU half of the v8-profiler face: which profiles run, what is stopped by which name, settings.

const { getEnvironment } = require('../native/environment');
const { CpuProfile } = require('./cpu-profile');
const { detach, LEAST_INTERVAL_US } = require('../native/cpu-profile');
const { invalidArgument, makeError, native, refuseSymbol } = require('../native/errors');
const { tryDefine } = require('../native/properties');

/** V8 cuts titles at this length; names that agree so far are the same profile. */
const TITLE_LIMIT = 1024;
const DEFAULT_INTERVAL_US = 1000;
const LONGEST_INTERVAL_US = 0x7fffffff;

const profiles = [];
/** Running profiles by name, in the order of their start: `{ name, recording, startTime }`. */
const running = new Map();
let lastUid = 0;
let intervalUs = DEFAULT_INTERVAL_US;
let generateType = 0;
let cleanupLimit = 0;

/** Calls a hook that old versions of Node had for idle time. */
function notifyIdle(method) {
  if (running.size === 0 && typeof process[method] === 'function') process[method]();
}

/** Forgets profiles whose start failed or was interrupted (by a time limit of `vm`, say) before V8 had begun. */
function forgetUnstarted() {
  for (const [name, { recording }] of running) if (!recording.isHeld()) running.delete(name);
}

function startProfiling(name, recsamples, mode) {
  if (typeof name === 'boolean') {
    recsamples = name;
    name = '';
  }
  refuseSymbol(name);
  const title = (name ? '' + name : '').slice(0, TITLE_LIMIT);
  const environment = getEnvironment();
  forgetUnstarted();
  notifyIdle('_startProfilerIdleNotifier');
  if (running.has(title)) return;
  const recordSamples = recsamples === undefined ? true : Boolean(recsamples);
  const recording = native(() => environment.newCpuRecording());
  running.set(title, { name: title, recording, startTime: Date.now() });
  try {
    // The last thing that can be interrupted: nothing records that is not in the list.
    native(() => recording.start({
      __proto__: null, samplingIntervalUs: intervalUs, recordSamples, eagerLogging: mode === 1,
    }));
  } catch (error) {
    running.delete(title);
    throw error;
  }
}

/** The profile to stop. Undefined: there is none of this name. */
function findRunning(name) {
  if (name) return typeof name === 'string' ? running.get(name.slice(0, TITLE_LIMIT)) : undefined;
  if (name !== undefined && name !== '') throw invalidArgument('Wrong argument [0] type (wait String)');
  if (running.size === 0) {
    throw makeError('NOT_RUNNING', 'No CPU profile is running; call startProfiling() before stopProfiling().');
  }
  return [...running.values()].pop();
}

/** It leaves the list of what runs when it is in the registry: whatever throws in between, it can be stopped again. */
function stopProfiling(name) {
  forgetUnstarted();
  const stopped = findRunning(name);
  if (!stopped) return undefined;
  const taken = native(() => stopped.recording.stop(cleanupLimit));
  const uid = String(lastUid);
  const profile = new CpuProfile(taken, generateType === 1 ? 'nodes' : 'tree', {
    uid, title: stopped.name || `Profile ${uid}`, startTime: stopped.startTime, endTime: Date.now(),
  }, profiles);
  // A registry that somebody froze takes nothing in; the caller gets the profile all the same.
  tryDefine(profiles, uid, profile);
  lastUid++;
  running.delete(stopped.name);
  if (taken.keepsLogging()) detach(taken);
  notifyIdle('_stopProfilerIdleNotifier');
  return profile;
}

function setSamplingInterval(us) {
  forgetUnstarted();
  if (running.size > 0) {
    throw makeError('BUSY', 'setSamplingInterval must be called when there are no profiles being recorded.');
  }
  refuseSymbol(us);
  const wanted = parseInt(us, 10) || DEFAULT_INTERVAL_US;
  // In v8-profiler-next a negative number wraps to a very long interval.
  intervalUs = wanted < 0 ? LONGEST_INTERVAL_US : Math.max(LEAST_INTERVAL_US, Math.min(wanted, LONGEST_INTERVAL_US));
}

function setGenerateType(type) {
  if (type !== 0 && type !== 1) {
    // eslint-disable-next-line no-console -- a line of v8-profiler-next that callers know
    console.error(`type should in [0, 1], got ${String(type)}.`);
    return;
  }
  generateType = type;
}

function setProfilesCleanupLimit(limit) {
  if (typeof limit === 'symbol' || isNaN(limit)) {
    // eslint-disable-next-line no-console -- a line of v8-profiler-next that callers know
    console.error('limit should be number.');
    return;
  }
  cleanupLimit = Number(limit) >>> 0;
}

function deleteAllProfiles() {
  for (const key of Object.keys(profiles)) profiles[key].delete();
}

function collectSample() {
  const environment = getEnvironment();
  native(() => environment.collectSample());
}

/**
 * Keeps V8's CPU profiler logging code, so that later starts cost about a millisecond instead of 65 ms and more (400 ms
 * with a heap of 500 MB). The cost: that much once, now, and a little for every function compiled from now on.
 */
function warmUp() {
  const environment = getEnvironment();
  native(() => environment.warmUp());
}

/** Ends what `warmUp` began. Profiles that run go on. */
function coolDown() {
  const environment = getEnvironment();
  native(() => environment.coolDown());
}

/** The profile at a position of the registry. From v8-profiler 5.1 to 5.5. */
function getProfile(index) {
  return profiles[index];
}

/** The profile with a uid, compared loosely. From v8-profiler 5.1 to 5.5. */
function findProfile(uid) {
  return Object.values(profiles).find((profile) => profile.uid == uid); // eslint-disable-line eqeqeq
}

module.exports = {
  collectSample, coolDown, deleteAllProfiles, findProfile, getProfile, profiles, setGenerateType, setProfilesCleanupLimit,
  setSamplingInterval, startProfiling, stopProfiling, warmUp,
};
