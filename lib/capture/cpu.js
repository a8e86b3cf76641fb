'use strict';
// CPU profiles and sampling heap profiles with promises: start, wait, stop, write.

const { performance } = require('perf_hooks');
const { clearInterval, setInterval } = require('timers');
const { getEnvironment } = require('../native/environment');
const {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, discardExclusiveSampling, startExclusiveSampling, stopExclusiveSampling,
} = require('../native/sampling');
const { defineParts, detach, LEAST_INTERVAL_US, openText, timesOf } = require('../native/cpu-profile');
const { CHUNK } = require('../stream/text');
const { abortError, invalidArgument, native } = require('../native/errors');
const { KINDS, openTarget, writeExport } = require('../files/target');
const { checkChoice, checkFunction, checkInteger, checkOptions, checkSignal, throwIfAborted } = require('../options/checks');
const { ONCE } = require('../options/signal');

const MAX_TIMER_MS = 0x7fffffff;
/** How often progress is reported while recording. */
const PROGRESS_MS = 100;

const LENGTH = ['durationMs', 'signal', 'onProgress'];
const CPU_OPTIONS = ['path', 'dir', ...LENGTH, 'samplingIntervalUs', 'mode', 'format'];
const SAMPLING_OPTIONS = ['path', 'dir', ...LENGTH, 'intervalBytes', 'stackDepth', 'format'];

/** The options that both captures have. */
function checkLength(options) {
  const durationMs = checkInteger(options, 'durationMs', undefined, 1, MAX_TIMER_MS);
  const signal = checkSignal(options);
  if (durationMs === undefined && !signal) {
    throw invalidArgument('Say how long to record: durationMs, or a signal that ends the recording.');
  }
  return { durationMs, signal, onProgress: checkFunction(options, 'onProgress') };
}

/**
 * Waits for the end of a recording that began at `begin`. With `durationMs` the signal cancels it (rejects); without, the
 * signal ends it.
 */
function recorded({ durationMs, signal, onProgress }, begin) {
  return new Promise((resolve, reject) => {
    let timer;
    let ticker;
    let alive;
    const end = () => {
      clearTimeout(timer);
      clearInterval(ticker);
      clearInterval(alive);
      if (signal) signal.removeEventListener('abort', end);
      const canceled = durationMs !== undefined && signal && signal.aborted;
      if (canceled) reject(abortError(signal));
      else resolve(performance.now() - begin);
    };
    // Nothing else may keep the process alive: the timer of AbortSignal.timeout() does not.
    if (durationMs === undefined) alive = setInterval(() => {}, MAX_TIMER_MS);
    else timer = setTimeout(end, Math.max(0, durationMs - (performance.now() - begin)));
    if (onProgress) {
      ticker = setInterval(() => {
        try {
          onProgress({ phase: 'record', done: performance.now() - begin, total: durationMs || 0 });
        } catch (error) {
          reject(error);
          end();
        }
      }, PROGRESS_MS).unref();
    }
    if (!signal) return;
    if (signal.aborted) {
      end();
      return;
    }
    try {
      signal.addEventListener('abort', end, ONCE);
    } catch (error) {
      reject(error);
      end();
    }
  });
}

/** The profile as an object of its format, made from the native one when its parts are read. */
function profileObject(taken, format, wallClock) {
  const object = format === 'inspector' ? {} : { typeId: 'CPU', uid: '', title: '' };
  defineParts(object, taken, format, wallClock);
  return object;
}

/** The file that a capture's options ask for, open; undefined when they ask for none. */
function openWanted(environment, options, kind) {
  if (options.path === undefined && options.dir === undefined) return undefined;
  return openTarget(environment, options, kind);
}

async function captureCpuProfile(given) {
  const options = checkOptions(given, CPU_OPTIONS);
  const length = checkLength(options);
  const samplingIntervalUs = checkInteger(options, 'samplingIntervalUs', 1000, LEAST_INTERVAL_US, 0x7fffffff);
  const mode = checkChoice(options, 'mode', ['leafNodeLineNumbers', 'callerLineNumbers']);
  const format = checkChoice(options, 'format', ['inspector', 'nodes', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const environment = getEnvironment();
  const target = openWanted(environment, options, KINDS.cpu);
  try {
    return await recordCpu(environment, { samplingIntervalUs, mode, format }, target, length);
  } finally {
    if (target) target.close();
  }
}

/** Records, and gives the profile or, with a target, facts about its file. */
async function recordCpu(environment, { samplingIntervalUs, mode, format }, target, length) {
  const wallClock = { startTime: Date.now() };
  const begin = performance.now();
  const recording = native(() => environment.newCpuRecording());
  const end = arrangeEnd(length, () => recording.discard());
  native(() => recording.start(samplingIntervalUs, true, mode === 'callerLineNumbers', false));
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
  if (target === undefined) return profileObject(taken, format, wallClock);
  try {
    const exported = openText(taken, format, { typeId: 'CPU', ...timesOf(taken, format, wallClock) }, CHUNK);
    const { bytes, nodes, samples } = await writeAndReport(exported, target, length);
    return { path: target.path, bytes, format, nodes, samples, startPauseMs, stopPauseMs, durationMs: performance.now() - begin };
  } finally {
    detach(taken);
  }
}

/**
 * Arranges, before a start, for the end of what it will record.
 *
 * Timers are made in a microtask, when the caller is done. What interrupts this thread (a time limit of `vm`, say) would else
 * often do so in the middle of making one, when a slow start has returned, and Node's lists of timers do not bear that: timers
 * are lost, or the thread spins for ever. Interrupted before anybody waits for the end, what was started is undone.
 */
function arrangeEnd(length, undo) {
  const end = { begin: undefined, wanted: false };
  end.reached = Promise.resolve().then(() => (end.wanted ? recorded(length, end.begin) : undo()));
  return end;
}

/** Waits for the end of a recording that has just started, and reports the last of its progress. */
async function recordAndReport({ onProgress }, end) {
  end.begin = performance.now();
  end.wanted = true;
  const done = await end.reached;
  if (onProgress) onProgress({ phase: 'record', done, total: done });
}

/** Writes a file; a signal that ended the recording does not cancel this. */
async function writeAndReport(exported, target, { durationMs, signal, onProgress }) {
  const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: done }));
  const report = await writeExport(exported, target, { signal: durationMs === undefined ? undefined : signal, onBytes });
  if (onProgress) onProgress({ phase: 'write', done: report.bytes, total: report.bytes });
  return report;
}

async function captureSamplingHeapProfile(given) {
  const options = checkOptions(given, SAMPLING_OPTIONS);
  const length = checkLength(options);
  const intervalBytes = checkInteger(options, 'intervalBytes', DEFAULT_INTERVAL_BYTES, 1, 2 ** 40);
  const stackDepth = checkInteger(options, 'stackDepth', DEFAULT_STACK_DEPTH, 1, 255);
  const format = checkChoice(options, 'format', ['inspector', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const target = openWanted(getEnvironment(), options, KINDS.sampling);
  try {
    return await recordSampling({ intervalBytes, stackDepth, format }, target, length);
  } finally {
    if (target) target.close();
  }
}

/** Records, and gives the profile or, with a target, facts about its file. */
async function recordSampling({ intervalBytes, stackDepth, format }, target, length) {
  const begin = performance.now();
  const token = {};
  const end = arrangeEnd(length, () => discardExclusiveSampling(token));
  startExclusiveSampling(token, intervalBytes, stackDepth);
  let taken;
  try {
    await recordAndReport(length, end);
  } finally {
    taken = stopExclusiveSampling(token);
  }
  if (target === undefined) return JSON.parse(native(() => taken.text(format)).toString('utf8'));
  const { bytes } = await writeAndReport(native(() => taken.export(format, CHUNK)), target, length);
  const [nodes, samples] = [taken.nodeCount(), taken.sampleCount()];
  return { path: target.path, bytes, nodes, samples, durationMs: performance.now() - begin };
}

module.exports = { captureCpuProfile, captureSamplingHeapProfile };
