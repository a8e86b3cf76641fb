'use strict';
// The sampling heap profiler with the shape of v8-profiler-next's.

const { getEnvironment } = require('./state');
const { defineLazy, isUnread } = require('./lazy');
const { exportProfile, stringified, wholeText } = require('./sources');
const { invalidArgument, makeError, native } = require('./errors');
const { exportArguments } = require('./options');

const DEFAULT_INTERVAL_BYTES = 512 * 1024;
const DEFAULT_STACK_DEPTH = 16;

/** v8-profiler-next's, and the inspector's. */
const FORMATS = ['tree', 'inspector'];

const natives = new WeakMap();
/** Whether the profile that runs is a capture's. */
let exclusive = false;

class SamplingHeapProfile {
  constructor(taken) {
    natives.set(this, taken);
    defineLazy(this, 'head', () => JSON.parse(native(() => taken.text('tree')).toString('utf8')).head);
  }

  export(...args) {
    const { format, receiver } = exportArguments(args, FORMATS);
    return exportProfile(receiver, () => this.#openReader(format));
  }

  #openReader(format) {
    const taken = natives.get(this);
    if (taken && format === 'inspector') return wholeText(() => native(() => taken.text(format)).toString('utf8'));
    if (!taken || Object.keys(this).length !== 1 || !isUnread(this, 'head')) return stringified(this);
    // Some kilobytes as a rule: a thread would cost more than it saves.
    return wholeText(() => native(() => taken.text('tree')).toString('utf8'));
  }
}

function startSampling(intervalBytes, stackDepth) {
  const environment = getEnvironment();
  if (intervalBytes <= 0) throw invalidArgument('The sampling interval must be at least 1 byte.', RangeError);
  native(() => environment.startSampling(intervalBytes, Math.max(0, Math.min(stackDepth | 0, 255))));
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
  refuseSecond(exclusive);
  startSampling(intervalBytes, stackDepth);
}

function stopSamplingHeapProfiling() {
  const environment = getEnvironment();
  if (exclusive) {
    throw makeError('NOT_RUNNING', 'The sampling heap profile that is running belongs to captureSamplingHeapProfile(), which '
      + 'ends it; call startSamplingHeapProfiling() first.');
  }
  return new SamplingHeapProfile(native(() => environment.stopSampling()));
}

/** For a capture that neither takes over a profile that runs already nor lets anybody else stop its own. */
function startExclusiveSampling(intervalBytes, stackDepth) {
  refuseSecond(getEnvironment().isSampling());
  startSampling(intervalBytes, stackDepth);
  exclusive = true;
}

/** Stops what `startExclusiveSampling` started and returns the native profile. */
function stopExclusiveSampling() {
  exclusive = false;
  return native(() => getEnvironment().stopSampling());
}

function refuseSecond(running) {
  if (running) throw makeError('BUSY', 'A sampling heap profile is running already, and V8 has only one; stop it first.');
}

module.exports = {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, startExclusiveSampling, startSamplingHeapProfiling,
  stopExclusiveSampling, stopSamplingHeapProfiling,
};
