'use strict';
// A capture when V8's heap is about to reach its limit.

const fs = require('fs');
const path = require('path');
const { threadId } = require('./clock');
const { fromNative, invalidArgument, native } = require('./errors');
const { checkPermitted } = require('./files');
const { decideIsolation, markOf } = require('./fork-snapshot');
const { checkFunction, checkChoice, checkInteger, checkOptions, checkPath } = require('./options');
const { SUFFIX, checkSnapshotOptions, redactedOf } = require('./snapshot-options');

/** Room for the service while the capture is made: a quarter of the limit, at least this. */
const LEAST_ROOM = 64 << 20;

function checkNearLimitOptions(given, { DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH }) {
  const options = checkOptions(given);
  const folder = path.resolve(options.dir === undefined ? '.' : checkPath(options.dir));
  if (!fs.statSync(folder).isDirectory()) throw invalidArgument(`dir must be a folder; ${folder} is none.`);
  fs.accessSync(folder, fs.constants.W_OK);
  checkPermitted(path.join(folder, 'Heap.heapsnapshot'));
  const { heap_size_limit: limit } = require('v8').getHeapStatistics();
  const { isolation, exposeInternals, exposeNumericValues, compress, pipeline } = checkSnapshotOptions(options);
  const room = Math.max(LEAST_ROOM, Math.round(limit / 4));
  return {
    folder,
    kind: checkChoice(options, 'kind', ['snapshot', 'sampling']),
    maxCaptures: checkInteger(options, 'maxCaptures', 1, 1, 1000),
    raiseBytes: checkInteger(options, 'raiseBytes', room, 1 << 20, Number.MAX_SAFE_INTEGER),
    isolation,
    exposeInternals,
    exposeNumericValues,
    // Of a forked one only; of the time at which the limit began to be watched.
    pipeline: { ...pipeline, mark: markOf({ stableIds: false }) },
    extension: `heapsnapshot${SUFFIX[compress]}`,
    intervalBytes: checkInteger(options, 'intervalBytes', DEFAULT_INTERVAL_BYTES, 1, 0xffffffff),
    stackDepth: checkInteger(options, 'stackDepth', DEFAULT_STACK_DEPTH, 1, 255),
    callback: checkFunction(options, 'callback'),
  };
}

/** What the callback receives for a report of the addon; `planned` is why a capture was never to be forked. */
function settle(text, { kind, pipeline }, planned) {
  const { error, reason, counts, ...result } = JSON.parse(text);
  if (error) return [fromNative({ message: error }), null];
  const isolationReason = reason ?? planned;
  const redacted = counts ? redactedOf(pipeline, counts) : undefined;
  return [null, { kind, ...result, ...(isolationReason && { isolationReason }), ...(redacted && { redacted }) }];
}

/** See `onNearHeapLimit` in index.d.ts. */
function onNearHeapLimit({ heap, state, sampling }, given) {
  const { callback, folder, intervalBytes, stackDepth, ...options } = checkNearLimitOptions(given, sampling);
  const environment = heap.environment();
  const { kind } = options;
  // With 'auto' the addon takes it inline when the fork is refused; a child that fails later is told of, and not repeated.
  const planned = kind === 'snapshot' ? decideIsolation(state.describe().addon, options.isolation) : {};
  const inlineReason = planned.isolation === 'inline' && options.isolation === 'auto' ? planned.reason : undefined;
  if (planned.isolation === 'inline') options.isolation = 'inline';
  const report = (text) => callback && callback(...settle(text, options, inlineReason));
  const wake = () => environment.nearLimitWake();
  native(() => environment.onNearLimit({ ...options, folder, threadId: threadId() }, report, wake));
  if (kind === 'sampling') {
    try {
      sampling.startExclusiveSampling(intervalBytes, stackDepth);
    } catch (error) {
      environment.stopNearLimit();
      throw error;
    }
  }
  let stopped = false;
  return {
    stop() {
      if (stopped) return;
      stopped = true;
      environment.stopNearLimit();
      if (kind === 'sampling') sampling.stopExclusiveSampling();
    },
  };
}

module.exports = { onNearHeapLimit };
