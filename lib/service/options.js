'use strict';
// Options of the debug routes: checked once, when the service starts, with safe defaults.

const os = require('os');
const path = require('path');
const { invalidArgument } = require('../errors');
const { checkRetention } = require('../retention');
const { checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, refuseUnknown } = require('../options');
const { checkSnapshotOptions } = require('../snapshot-options');

/** Shorter tokens can be guessed. */
const LEAST_TOKEN = 16;
const HOUR_MS = 3_600_000;

/** All there are; those of Fastify's own are for `register`. */
const OPTIONS = [
  'enabled', 'prefix', 'token', 'authorize', 'loopbackOnly', 'folder', 'maxSeconds', 'maxBytes', 'rate', 'retention', 'heapSnapshot', 'audit',
  'turns', 'workers', 'metrics', 'logLevel', 'logSerializers',
];

/** The folder that all processes of this user share when none is given: the lock of captures lies in it. */
const defaultFolder = () => path.join(os.tmpdir(), `rs-profiler-${process.getuid ? process.getuid() : 'service'}`);

/** Tokens as a list of Buffers. Several are for the time in which one replaces another. */
function checkTokens({ token }) {
  if (token === undefined) return [];
  const tokens = Array.isArray(token) ? token : [token];
  for (const each of tokens) {
    if (typeof each !== 'string' || each.length < LEAST_TOKEN) {
      throw invalidArgument(`token must be a string of at least ${LEAST_TOKEN} characters, or an array of such strings.`);
    }
  }
  return tokens;
}

/** Who may use the routes: one of three ways has to be said. */
function checkAccess(options) {
  const tokens = checkTokens(options);
  const authorize = checkFunction(options, 'authorize');
  const loopbackOnly = checkBoolean(options, 'loopbackOnly');
  if (tokens.length === 0 && !authorize && !loopbackOnly) {
    throw invalidArgument('Say who may use the routes of rs-profiler: a token, an authorize function, or loopbackOnly: true for requests '
      + 'of this machine alone. A heap snapshot holds every secret of the process.');
  }
  return { tokens, authorize, loopbackOnly };
}

/** What heap snapshots are like; a request can ask for other ids, another compression and more redaction, never for less. */
function checkHeapSnapshot(given) {
  const options = checkOptions(given);
  refuseUnknown(options, ['isolation', 'compress', 'redact', 'headroom', 'stableIds'], 'option of heapSnapshot of the routes of rs-profiler');
  const { compress, headroom, stableIds } = checkSnapshotOptions(options);
  const { redact = 'none' } = options;
  return { isolation: checkChoice(options, 'isolation', ['fork', 'auto', 'inline']), compress, redact, headroom, stableIds };
}

/** The turns of captures: anything with a function `take`. */
function checkTurns({ turns }) {
  if (turns !== undefined && (turns === null || typeof turns !== 'object' || typeof turns.take !== 'function')) {
    throw invalidArgument('turns must be an object with a function take.');
  }
  return turns;
}

/** The other workers of an application, for `?worker=`: see elsewhere.js. */
function checkWorkers({ workers }) {
  if (workers !== undefined && typeof workers?.capture !== 'function') throw invalidArgument('workers must be an object with a function capture.');
  return workers;
}

/**
 * Checks the options of the routes.
 * @param {object} [given] see `ServiceOptions` in service.d.ts
 */
function checkServiceOptions(given) {
  const options = checkOptions(given);
  refuseUnknown(options, OPTIONS, 'option of the routes of rs-profiler');
  const enabled = options.enabled === undefined || checkBoolean(options, 'enabled');
  const { folder = defaultFolder(), metrics = {} } = options;
  if (typeof folder !== 'string' || folder === '') throw invalidArgument('folder must be a path.');
  if (metrics !== false && (metrics === null || typeof metrics !== 'object')) {
    throw invalidArgument('metrics must be false or an object.');
  }
  const rate = checkOptions(options.rate);
  refuseUnknown(rate, ['captures', 'perMs'], 'part of rate of the routes of rs-profiler');
  return {
    enabled,
    // What is off need not say who may use it.
    access: enabled ? checkAccess(options) : { tokens: [], loopbackOnly: false },
    folder: path.resolve(folder),
    maxSeconds: checkInteger(options, 'maxSeconds', 120, 1, 3600),
    maxBytes: checkInteger(options, 'maxBytes', 4 * 2 ** 30, 1, Number.MAX_SAFE_INTEGER),
    rate: {
      captures: checkInteger(rate, 'captures', 10, 1, 10_000),
      perMs: checkInteger(rate, 'perMs', 10 * 60_000, 1, 24 * HOUR_MS),
    },
    retention: checkRetention(options.retention),
    heapSnapshot: checkHeapSnapshot(options.heapSnapshot),
    audit: checkFunction(options, 'audit'),
    turns: checkTurns(options),
    workers: checkWorkers(options),
    metrics,
  };
}

module.exports = { checkServiceOptions };
