'use strict';
// What `watch` is given: conditions and an action, checked once, when the watch begins. Unknown names are refused: a condition
// that is misspelled would never come true.

const fs = require('fs');
const os = require('os');
const path = require('path');
const { invalidArgument, makeError } = require('../errors');
const { makeFolder } = require('../make-folder');
const { checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, checkPath, refuseUnknown } = require('../options');
const { checkRetention } = require('../retention');
const { checkSnapshotOptions } = require('../snapshot-options');

const MAX_TIMER_MS = 0x7fffffff;
const MINUTE_MS = 60_000;
const MIB = 2 ** 20;

const KINDS = ['heap-snapshot', 'cpu-profile', 'sampling-heap-profile'];
const CONDITIONS = ['heapUsedRatio', 'rssBytes', 'cgroupRatio', 'eventLoopDelayMs', 'cpuRatio', 'everyMs', 'growth'];
/** Options of heap snapshots, which are handed on. */
const SNAPSHOT_OPTIONS = [
  'compress', 'compressionLevel', 'redact', 'isolation', 'headroom', 'stableIds', 'exposeInternals', 'exposeNumericValues',
];
const ACTION_OPTIONS = [
  'run', 'kind', 'folder', 'checkMs', 'coolDownMs', 'maxCount', 'retention', 'callback', ...SNAPSHOT_OPTIONS,
  'durationMs', 'samplingIntervalUs', 'mode', 'intervalBytes', 'stackDepth',
];

/** A number above 0, and at most `most`. */
function checkRatio(options, name, most) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= most) return value;
  throw invalidArgument(`${name} must be a number above 0 and at most ${most}.`, typeof value === 'number' ? RangeError : TypeError);
}

function checkCpu({ cpuRatio }) {
  if (cpuRatio === undefined) return undefined;
  const given = cpuRatio !== null && typeof cpuRatio === 'object' ? cpuRatio : { ratio: cpuRatio };
  refuseUnknown(given, ['ratio', 'overMs'], 'part of cpuRatio of watch()');
  const ratio = checkRatio({ cpuRatio: given.ratio }, 'cpuRatio', 1024);
  if (ratio === undefined) throw invalidArgument('cpuRatio needs a ratio.');
  return { ratio, overMs: checkInteger(given, 'overMs', MINUTE_MS, 100, MAX_TIMER_MS) };
}

function checkGrowth({ growth }) {
  if (growth === undefined || growth === false) return undefined;
  if (growth !== true && (growth === null || typeof growth !== 'object')) {
    throw invalidArgument('growth must be true or an object { observations, windowMs, minBytes, gapMs, analyse }.');
  }
  const given = growth === true ? {} : growth;
  refuseUnknown(given, ['observations', 'windowMs', 'minBytes', 'gapMs', 'analyse'], 'part of growth of watch()');
  const windowMs = checkInteger(given, 'windowMs', MINUTE_MS, 10, MAX_TIMER_MS);
  return {
    observations: checkInteger(given, 'observations', 5, 2, 1000),
    windowMs,
    minBytes: checkInteger(given, 'minBytes', 10 * MIB, 1, Number.MAX_SAFE_INTEGER),
    gapMs: checkInteger(given, 'gapMs', windowMs, 0, MAX_TIMER_MS),
    analyse: given.analyse === undefined || checkBoolean(given, 'analyse'),
  };
}

function checkConditions(given) {
  if (given === null || typeof given !== 'object') throw invalidArgument('watch() needs an object of conditions.');
  refuseUnknown(given, CONDITIONS, 'condition of watch()');
  const conditions = {
    heapUsedRatio: checkRatio(given, 'heapUsedRatio', 1),
    rssBytes: checkInteger(given, 'rssBytes', undefined, MIB, Number.MAX_SAFE_INTEGER),
    cgroupRatio: checkRatio(given, 'cgroupRatio', 1),
    eventLoopDelayMs: checkInteger(given, 'eventLoopDelayMs', undefined, 20, 3_600_000),
    cpuRatio: checkCpu(given),
    everyMs: checkInteger(given, 'everyMs', undefined, 1000, MAX_TIMER_MS),
    growth: checkGrowth(given),
  };
  if (Object.values(conditions).every((value) => value === undefined)) {
    throw invalidArgument(`watch() needs a condition: one of ${CONDITIONS.join(', ')}.`);
  }
  return conditions;
}

/** The folder that all processes of this user share when none is given; the debug routes have the same. */
const defaultFolder = () => path.join(os.tmpdir(), `rs-profiler-${process.getuid ? process.getuid() : 'service'}`);

/** Makes the folder, mode 0700, where there is none. In a folder that everybody may write into, another user may have made ours. */
function prepareFolder(given) {
  const folder = path.resolve(given === undefined ? defaultFolder() : checkPath(given));
  makeFolder(folder);
  const stats = fs.statSync(folder);
  if (given === undefined && process.getuid && stats.uid !== process.getuid()) {
    throw makeError('FOLDER', `${folder} belongs to another user, who could read the captures: name a folder.`);
  }
  fs.accessSync(folder, fs.constants.W_OK);
  return folder;
}

/** The options of one kind of capture, checked as that capture would. */
function checkCapture(options) {
  const pick = (names) => Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
  const snapshot = pick(SNAPSHOT_OPTIONS);
  checkSnapshotOptions(snapshot);
  const checked = {
    durationMs: checkInteger(options, 'durationMs', 10_000, 1, 3_600_000),
    samplingIntervalUs: checkInteger(options, 'samplingIntervalUs', 1000, 1, 0x7fffffff),
    mode: checkChoice(options, 'mode', ['leafNodeLineNumbers', 'callerLineNumbers']),
  };
  checkInteger(options, 'intervalBytes', 1, 1, 2 ** 40);
  checkInteger(options, 'stackDepth', 1, 1, 255);
  return {
    'heap-snapshot': snapshot,
    'cpu-profile': checked,
    'sampling-heap-profile': { durationMs: checked.durationMs, ...pick(['intervalBytes', 'stackDepth']) },
  };
}

function checkAction(given) {
  const options = typeof given === 'function' ? { run: given } : checkOptions(given);
  refuseUnknown(options, ACTION_OPTIONS, 'option of watch()');
  const run = checkFunction(options, 'run');
  const { maxCount } = options;
  return {
    run,
    kind: options.kind === undefined ? undefined : checkChoice(options, 'kind', KINDS),
    captures: checkCapture(options),
    checkMs: checkInteger(options, 'checkMs', 5000, 20, MAX_TIMER_MS),
    coolDownMs: checkInteger(options, 'coolDownMs', 10 * MINUTE_MS, 0, Number.MAX_SAFE_INTEGER),
    maxCount: maxCount === Infinity ? Infinity : checkInteger(options, 'maxCount', 10, 1, Number.MAX_SAFE_INTEGER),
    retention: checkRetention(options.retention),
    callback: checkFunction(options, 'callback'),
    // A function of the caller's writes where it likes; the profile of a stall is written only if there is a folder for it.
    folder: run && options.folder === undefined ? undefined : prepareFolder(options.folder),
  };
}

module.exports = { CONDITIONS, KINDS, checkAction, checkConditions };
