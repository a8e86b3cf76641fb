'use strict';
// The sampling heap profiler with the shape of v8-profiler-next's.

const { getEnvironment } = require('./state');
const { defineLazy, isUnread } = require('./lazy');
const { exportToStream } = require('./receivers');
const { oneChunk, stringified, toCallback } = require('./sources');
const { invalidArgument, makeError, native } = require('./errors');

const DEFAULT_INTERVAL_BYTES = 512 * 1024;
const DEFAULT_STACK_DEPTH = 16;

const natives = new WeakMap();

class SamplingHeapProfile {
  constructor(taken) {
    natives.set(this, taken);
    defineLazy(this, 'head', () => JSON.parse(native(() => taken.text('tree')).toString('utf8')).head);
  }

  export(dataReceiver) {
    if (typeof dataReceiver === 'function') {
      toCallback(this.#openSource(), dataReceiver);
      return undefined;
    }
    const stream = exportToStream(dataReceiver, () => this.#openSource(), { endAfterError: true });
    if (!stream) {
      process.nextTick(() => {
        throw invalidArgument('dataReceiver is not a function');
      });
    }
    return stream;
  }

  #openSource() {
    const taken = natives.get(this);
    if (!taken || Object.keys(this).length !== 1 || !isUnread(this, 'head')) return stringified(this);
    // Some kilobytes as a rule: a thread would cost more than it saves.
    return oneChunk(native(() => taken.text('tree')));
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
  startSampling(intervalBytes, stackDepth);
}

/** Stops and returns the native profile. */
function stopSampling() {
  const environment = getEnvironment();
  return native(() => environment.stopSampling());
}

function stopSamplingHeapProfiling() {
  return new SamplingHeapProfile(stopSampling());
}

/** For a capture that must not take over a profile that runs already. */
function startExclusiveSampling(intervalBytes, stackDepth) {
  if (getEnvironment().isSampling()) {
    throw makeError('BUSY', 'A sampling heap profile is running already, and V8 has only one; stop it first.');
  }
  startSampling(intervalBytes, stackDepth);
}

module.exports = {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, startExclusiveSampling, startSamplingHeapProfiling, stopSampling,
  stopSamplingHeapProfiling,
};
