'use strict';
// CPU profiles with promises: start, wait, stop, write.

const { performance } = require('../native/clock');
const { arrangeEnd, checkLength, openWanted, profileBy, recordAndReport, RECORDING_OPTIONS, writeAndReport } = require('./recording');
const { engineFor } = require('../fallback/environment');
const { KINDS } = require('../files/paths');
const { defineParts, detach, LEAST_INTERVAL_US, openText, timesOf } = require('../native/cpu-profile');
const { native } = require('../native/errors');
const { checkChoice, checkInteger, checkOptions, throwIfAborted } = require('../options/checks');

const OPTIONS = [...RECORDING_OPTIONS, 'samplingIntervalUs', 'mode', 'format'];

/** The profile as an object of its format, made from the native one when its parts are read. */
function profileObject(taken, format, wallClock) {
  const object = format === 'inspector' ? {} : { typeId: 'CPU', uid: '', title: '' };
  defineParts(object, taken, format, wallClock);
  return object;
}

async function captureCpuProfile(given) {
  const options = checkOptions(given, OPTIONS);
  const length = checkLength(options);
  const samplingIntervalUs = checkInteger(options, 'samplingIntervalUs', 1000, LEAST_INTERVAL_US, 0x7fffffff);
  const mode = checkChoice(options, 'mode', ['leafNodeLineNumbers', 'callerLineNumbers']);
  const format = checkChoice(options, 'format', ['inspector', 'nodes', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const engine = engineFor('cpu');
  const target = openWanted(engine.environment, options, KINDS.cpu);
  try {
    return await recordCpu(engine, { samplingIntervalUs, mode, format }, target, length);
  } finally {
    if (target) target.close();
  }
}

/** Records, and gives the profile or, with a target, facts about its file. */
async function recordCpu({ environment, engine, engineReason }, { samplingIntervalUs, mode, format }, target, length) {
  const wallClock = { startTime: Date.now() };
  const begin = performance.now();
  const recording = native(() => environment.newCpuRecording());
  const end = arrangeEnd(length, () => recording.discard());
  native(() => recording.start({ __proto__: null, samplingIntervalUs, mode }));
  const startPauseMs = performance.now() - begin;
  let complete = false;
  let taken;
  let stopPauseMs;
  try {
    await recordAndReport(length, end);
    complete = true;
  } finally {
    const stopping = performance.now();
    taken = native(() => recording.stop(0));
    stopPauseMs = performance.now() - stopping;
    wallClock.endTime = Date.now();
    // Takes effect when an export that begins now has ended.
    if (target === undefined || !complete) detach(taken);
  }
  if (target === undefined) return profileBy({ engine, engineReason }, profileObject(taken, format, wallClock));
  try {
    const exported = openText(taken, format, timesOf(taken, format, wallClock));
    const { bytes, nodes, samples } = await writeAndReport(exported, target, length);
    const durationMs = performance.now() - begin;
    return { path: target.path, bytes, format, nodes, samples, startPauseMs, stopPauseMs, durationMs, engine, engineReason };
  } finally {
    detach(taken);
  }
}

module.exports = { captureCpuProfile };
