'use strict';
// V8's sampling heap profiler, which a thread has once, and who holds it.

const { getEnvironment } = require('./environment');
const { invalidArgument, makeError, native } = require('./errors');

const DEFAULT_INTERVAL_BYTES = 512 * 1024;
const DEFAULT_STACK_DEPTH = 16;

/** The token of the capture whose profile runs; undefined when it is nobody's or that of startSamplingHeapProfiling. */
let holder;

function start(environment, { intervalBytes, stackDepth, exclusive }) {
  if (intervalBytes <= 0) throw invalidArgument('The sampling interval must be at least 1 byte.', RangeError);
  // The last thing that can be interrupted: what samples can be stopped.
  native(() => environment.startSampling({
    intervalBytes, stackDepth: Math.max(0, Math.min(stackDepth | 0, 255)), exclusive,
  }));
}

/** For startSamplingHeapProfiling: takes over what runs. */
function startSampling({ intervalBytes, stackDepth }) {
  start(getEnvironment(), { intervalBytes, stackDepth, exclusive: holder !== undefined });
  holder = undefined;
}

/** Stops what `startSampling` started and returns the native profile. */
function stopSampling() {
  const environment = getEnvironment();
  if (holder) {
    throw makeError('NOT_RUNNING', 'The sampling heap profile that is running belongs to captureSamplingHeapProfile(), which '
      + 'ends it; call startSamplingHeapProfiling() first.');
  }
  return native(() => environment.stopSampling());
}

/**
 * For a capture that neither takes over a profile that runs already nor lets anybody else stop its own.
 * @param {object} environment the native one, or what takes its place
 * @param {object} token tells this capture from others
 */
function startExclusiveSampling(environment, token, { intervalBytes, stackDepth }) {
  start(environment, { intervalBytes, stackDepth, exclusive: true });
  holder = token;
}

/** Stops what `startExclusiveSampling` started and returns the native profile. */
function stopExclusiveSampling(environment, token) {
  if (holder !== token) {
    throw makeError('NOT_RUNNING', 'Somebody else in this thread stopped V8\'s sampling heap profiler; the samples of this '
      + 'capture are lost.');
  }
  holder = undefined;
  return native(() => environment.stopSampling());
}

/** Ends what an interrupted capture started, if it did. */
function discardExclusiveSampling(environment, token) {
  if (holder === token) stopExclusiveSampling(environment, token);
  // Interrupted before anybody held it: of Node's own parts that is a session more.
  else if (holder === undefined) environment.abandonSampling?.();
}

module.exports = {
  DEFAULT_INTERVAL_BYTES, DEFAULT_STACK_DEPTH, discardExclusiveSampling, startExclusiveSampling, startSampling,
  stopExclusiveSampling, stopSampling,
};
