'use strict';
// What recordings with a length have in common: how long, the wait for their end, and the file that they go to.

const { performance } = require('../native/clock');
const { clearInterval, setInterval } = require('timers');
const { openTarget, writeExport } = require('../files/target');
const { abortError, invalidArgument } = require('../native/errors');
const { hide } = require('../native/properties');
const { checkFunction, checkInteger, checkSignal } = require('../options/checks');
const { ONCE } = require('../options/signal');

const MAX_TIMER_MS = 0x7fffffff;
/** How often progress is reported while recording. */
const PROGRESS_MS = 100;

/** The names of the options that every recording has. */
const RECORDING_OPTIONS = ['path', 'dir', 'durationMs', 'signal', 'onProgress'];

/** Checks the options that say how long to record. */
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

/** The file that a capture's options ask for, open; undefined when they ask for none. */
function openWanted(environment, options, kind) {
  if (options.path === undefined && options.dir === undefined) return undefined;
  return openTarget(environment, options, kind);
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

/** Says of a profile who recorded it, where its text does not have it. */
const profileBy = ({ engine, engineReason }, profile) => hide(profile, { engine, engineReason });

module.exports = { arrangeEnd, checkLength, openWanted, profileBy, recordAndReport, RECORDING_OPTIONS, writeAndReport };
