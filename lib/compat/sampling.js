'use strict';
// The sampling heap profiler with the shape of v8-profiler-next's.

const { getEnvironment } = require('../native/environment');
const { defineLazy, isUnread } = require('../native/lazy');
const { exportProfile, stringified, wholeText } = require('./export-profile');
const { invalidArgument, makeError, native } = require('../native/errors');
const { exportArguments } = require('../options/checks');

const DEFAULT_INTERVAL_BYTES = 512 * 1024;
const DEFAULT_STACK_DEPTH = 16;

/** v8-profiler-next's, and the inspector's. */
const FORMATS = ['tree', 'inspector'];

const natives = new WeakMap();
/** The token of the capture whose profile runs; undefined when it is nobody's or that of startSamplingHeapProfiling. */
let holder;

class SamplingHeapProfile {
  constructor(taken) {
    natives.set(this, taken);
    defineLazy(this, 'head', () => JSON.parse(native(() => taken.text('tree')).toString('utf8')).head);
  }

  export(...args) {
    const { format, receiver } = exportArguments(args, FORMATS);
    return exportProfile(receiver, () => openReader(this, format));
  }
}

/** The reader of a profile's text. */
function openReader(profile, format) {
  const taken = natives.get(profile);
  if (taken && format === 'inspector') return wholeText(() => native(() => taken.text(format)).toString('utf8'));
  if (!taken || Object.keys(profile).length !== 1 || !isUnread(profile, 'head')) return stringified(profile);
  // Some kilobytes as a rule: a thread would cost more than it saves.
  return wholeText(() => native(() => taken.text('tree')).toString('utf8'));
}

function startSampling(intervalBytes, stackDepth, forCapture) {
  const environment = getEnvironment();
  if (intervalBytes <= 0) throw invalidArgument('The sampling interval must be at least 1 byte.', RangeError);
  // The last thing that can be interrupted: what samples can be stopped.
  native(() => environment.startSampling(intervalBytes, Math.max(0, Math.min(stackDepth | 0, 255)), forCapture));
}

function startSamplingHeapProfiling(...args) {
  let intervalBytes = DEFAULT_INTERVAL_BYTES;
  let stackDepth = DEFAULT_STACK_DEPTH;
  if (args.length === 2) {
    [intervalBytes, stackDepth] = args;
    if (typeof intervalBytes !== 'number' || intervalBytes >>> 0 !== intervalBytes) {
      throw invalidArgument('first argument type must be uint32');
    }
    if (typeof stackDepth !== 'number') throw invalidArgument('first argument type must be number');
  }
  startSampling(intervalBytes, stackDepth, holder !== undefined);
  holder = undefined;
}

function stopSamplingHeapProfiling() {
  const environment = getEnvironment();
  if (holder) {
    throw makeError('NOT_RUNNING', 'The sampling heap profile that is running belongs to captureSamplingHeapProfile(), which '
      + 'ends it; call startSamplingHeapProfiling() first.');
  }
  return new SamplingHeapProfile(native(() => environment.stopSampling()));
}

/**
 * For a capture that neither takes over a profile that runs already nor lets anybody else stop its own.
 * @param {object} token tells this capture from others
 */
function startExclusiveSampling(token, intervalBytes, stackDepth) {
  startSampling(intervalBytes, stackDepth, true);
  holder = token;
}

/** Stops what `startExclusiveSampling` started and returns the native profile. */
function stopExclusiveSampling(token) {
  if (holder !== token) {
    throw makeError('NOT_RUNNING', 'Somebody else in this thread stopped V8\'s sampling heap profiler; the samples of this '
      + 'capture are lost.');
  }
  holder = undefined;
  return native(() => getEnvironment().stopSampling());
}

/** Ends what an interrupted capture started, if it did. */
function discardExclusiveSampling(token) {
  if (holder === token) stopExclusiveSampling(token);
}

module.exports = {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, discardExclusiveSampling, startExclusiveSampling, startSamplingHeapProfiling,
  stopExclusiveSampling, stopSamplingHeapProfiling,
};
