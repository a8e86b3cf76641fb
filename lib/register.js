'use strict';
// `node --require rs-profiler/register`: watches a service whose code is not touched. Nothing here may stop that service; what goes
// wrong is a process warning, each kind once.

const { isMainThread } = require('worker_threads');
const { parseRegisterOptions } = require('./register-options');

/** Conditions of one thread: the only ones that workers watch, since the others are the whole process's. */
const OF_A_THREAD = ['heapUsedRatio', 'eventLoopDelayMs', 'growth'];
const KINDS = { heapSnapshotSignal: 'heap-snapshot', cpuProfileSignal: 'cpu-profile', samplingHeapProfileSignal: 'sampling-heap-profile' };

/** The library's own printing is none: Node shows a warning on stderr unless it was told not to (`--no-warnings`). */
function makeWarn() {
  const told = new Set();
  return (key, text) => {
    if (told.has(key)) return;
    told.add(key);
    process.emitWarning(text, 'RsProfilerWarning');
  };
}

/** Calls `run`, which tells of a bad value by a throw. */
function attempt(warn, key, run) {
  try {
    return run();
  } catch (error) {
    warn(key, `RS_PROFILER_OPTIONS: ${error.message} It is ignored.`);
    return undefined;
  }
}

/** Conditions or options without those that `watch` refuses. */
function accepted(warn, given, check) {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => attempt(warn, name, () => {
    check({ [name]: value });
    return true;
  })));
}

function actionOf(warn, { action, retention }) {
  const { checkAction } = require('./watch/options');
  const { keepCount: maxCount, keepAgeMs: maxAgeMs, keepBytes: maxBytes } = retention;
  // A function needs no folder: nothing is made while values are tried.
  const values = accepted(warn, { ...action, retention: { maxCount, maxAgeMs, maxBytes } }, (one) => {
    // The level says nothing without the compression, and no folder is made to try a value.
    const { compress } = 'compressionLevel' in one ? action : one;
    checkAction({ ...one, compress, folder: undefined, run() {} });
  });
  return {
    ...values,
    callback: (error) => error && warn(error.code || error.message, `A capture of rs-profiler failed: ${error.message}`),
  };
}

/** SIGUSR2 is for heap snapshots, unless it was said to be for something else. */
const withDefault = (signals) => (Object.values(signals).includes('SIGUSR2') ? signals : { heapSnapshotSignal: 'SIGUSR2', ...signals });

/** Puts the captures on their signals. The folder is made when the first is needed. */
function listen(watch, warn, signals, action) {
  let captures;
  const taken = new Map();
  for (const [name, signal] of Object.entries(signals)) {
    if (signal === 'none') continue;
    if (taken.has(signal)) {
      warn(name, `RS_PROFILER_OPTIONS: ${name} and ${taken.get(signal)} are both ${signal}; the former is ignored.`);
      continue;
    }
    taken.set(signal, name);
    attempt(warn, name, () => process.on(signal, () => {
      captures ??= attempt(warn, 'folder', () => watch(null, { ...action, maxCount: Infinity }));
      if (captures?.capture(KINDS[name]) === false) warn('signal', `rs-profiler ignores a ${signal}: something is being captured.`);
    }));
  }
}

/**
 * Begins to watch this thread as RS_PROFILER_OPTIONS says.
 * @param {(conditions: object | null, action: object) => object} watch the module's
 * @param {string} [text] the options
 */
function register(watch, text) {
  const options = parseRegisterOptions(text);
  const { settings, signals, problems } = options;
  if (!isMainThread && settings.workers === false) return;
  // Workers have the same options: what is wrong with them is told once.
  const warn = isMainThread ? makeWarn() : () => {};
  if (problems.length > 0) {
    warn('problems', `RS_PROFILER_OPTIONS: ${problems.join('; ')}. What is wrong is ignored; the README of rs-profiler has the names.`);
  }
  const given = Object.entries(options.conditions).filter(([name, value]) => value !== false && (isMainThread || OF_A_THREAD.includes(name)));
  const { checkConditions } = require('./watch/options');
  const conditions = accepted(warn, Object.fromEntries(given), checkConditions);
  const action = actionOf(warn, options);
  if (Object.keys(conditions).length > 0) attempt(warn, 'watch', () => watch(conditions, action));
  if (isMainThread && process.platform !== 'win32') listen(watch, warn, withDefault(signals), action);
}

module.exports = { register };
