'use strict';
// CPU profiles and sampling heap profiles with promises: start, wait, stop, write.

const { performance } = require('perf_hooks');
const { clearImmediate, setImmediate } = require('timers');
const { LAZY, LEAST_INTERVAL_US, definePart, detach, openText, timesOf } = require('./cpu-profile');
const { CHUNK } = require('./text');
const { abortError, invalidArgument, native } = require('./errors');
const { define } = require('./properties');
const { resolveTarget, writeExport } = require('./files');
const { checkChoice, checkFunction, checkInteger, checkOptions, checkSignal, throwIfAborted } = require('./options');

const MAX_TIMER_MS = 0x7fffffff;
/** How often progress is reported while recording. */
const PROGRESS_MS = 100;

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
 * Waits for the end of a recording. With `durationMs` the signal cancels it (rejects); without, the signal ends it.
 */
function recorded({ durationMs, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    let timer;
    let ticker;
    const end = () => {
      clearTimeout(timer);
      clearInterval(ticker);
      if (signal) signal.removeEventListener('abort', end);
      const canceled = durationMs !== undefined && signal && signal.aborted;
      if (canceled) reject(abortError(signal));
      else resolve(performance.now() - begin);
    };
    if (durationMs !== undefined) timer = setTimeout(end, durationMs);
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
    if (signal) {
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    }
  });
}

/** The profile as an object of its format, made from the native one when its parts are read. */
function profileObject(taken, format, wallClock) {
  const object = format === 'inspector' ? {} : { typeId: 'CPU', uid: '', title: '' };
  const [tree, ...rest] = Object.keys(LAZY[format]);
  definePart(object, tree, taken, LAZY[format][tree]);
  define(object, timesOf(taken, format, wallClock));
  for (const name of rest) definePart(object, name, taken, LAZY[format][name]);
  return object;
}

async function captureCpuProfile({ getEnvironment }, given) {
  const options = checkOptions(given);
  const length = checkLength(options);
  const samplingIntervalUs = checkInteger(options, 'samplingIntervalUs', 1000, LEAST_INTERVAL_US, 0x7fffffff);
  const mode = checkChoice(options, 'mode', ['leafNodeLineNumbers', 'callerLineNumbers']);
  const format = checkChoice(options, 'format', ['inspector', 'nodes', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const target = options.path === undefined ? undefined : await resolveTarget(options.path, 'CPU', 'cpuprofile');

  const environment = getEnvironment();
  const wallClock = { startTime: Date.now() };
  const begin = performance.now();
  const recording = native(() => environment.newCpuRecording());
  const guard = setImmediate(() => recording.discard());
  native(() => recording.start(samplingIntervalUs, true, mode === 'callerLineNumbers'));
  const startPauseMs = performance.now() - begin;
  let complete = false;
  let taken;
  let stopPauseMs;
  try {
    await recordAndReport(length, guard);
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
    const exported = openText(taken, format, { typeId: 'CPU', ...timesOf(taken, format, wallClock) });
    const { bytes, nodes, samples } = await writeAndReport(exported, target, length);
    return { path: target, bytes, format, nodes, samples, startPauseMs, stopPauseMs, durationMs: performance.now() - begin };
  } finally {
    detach(taken);
  }
}

/**
 * Waits for the end of a recording and reports the last of its progress. `guard` is an immediate that undoes the start: when
 * something interrupts this thread (a time limit of `vm`, say) before the end is arranged for, nobody else would.
 */
async function recordAndReport(length, guard) {
  const ended = recorded(length);
  clearImmediate(guard);
  const done = await ended;
  if (length.onProgress) length.onProgress({ phase: 'record', done, total: done });
}

/** Writes a file; a signal that ended the recording does not cancel this. */
async function writeAndReport(exported, target, { durationMs, signal, onProgress }) {
  const onBytes = onProgress && ((done) => onProgress({ phase: 'write', done, total: done }));
  const report = await writeExport(exported, target, { signal: durationMs === undefined ? undefined : signal, onBytes });
  if (onProgress) onProgress({ phase: 'write', done: report.bytes, total: report.bytes });
  return report;
}

async function captureSamplingHeapProfile(sampling, given) {
  const { DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, discardExclusiveSampling, startExclusiveSampling, stopExclusiveSampling } = sampling;
  const options = checkOptions(given);
  const length = checkLength(options);
  const intervalBytes = checkInteger(options, 'intervalBytes', DEFAULT_INTERVAL_BYTES, 1, 2 ** 40);
  const stackDepth = checkInteger(options, 'stackDepth', DEFAULT_STACK_DEPTH, 1, 255);
  const format = checkChoice(options, 'format', ['inspector', 'tree']);
  if (length.durationMs !== undefined) throwIfAborted(length.signal);
  const target = options.path === undefined ? undefined : await resolveTarget(options.path, 'Heap', 'heapprofile');

  const begin = performance.now();
  const token = {};
  const guard = setImmediate(() => discardExclusiveSampling(token));
  startExclusiveSampling(token, intervalBytes, stackDepth);
  let taken;
  try {
    await recordAndReport(length, guard);
  } finally {
    taken = stopExclusiveSampling(token);
  }
  if (target === undefined) return JSON.parse(native(() => taken.text(format)).toString('utf8'));
  const { bytes } = await writeAndReport(native(() => taken.export(format, CHUNK)), target, length);
  const [nodes, samples] = [taken.nodeCount(), taken.sampleCount()];
  return { path: target, bytes, nodes, samples, durationMs: performance.now() - begin };
}

/**
 * The two functions for one copy of lib/state and lib/sampling. This file is loaded late, perhaps after a Jest registry
 * reset: what has state is handed in, lest it be another copy's.
 */
function captures(state, sampling) {
  return {
    captureCpuProfile: (options) => captureCpuProfile(state, options),
    captureSamplingHeapProfile: (options) => captureSamplingHeapProfile(sampling, options),
  };
}

module.exports = { captures };
