'use strict';
// What captures where there is no addon, or no shim for this Node: `node:v8` and `node:inspector`, behind those methods of the
// native environment that lib/capture uses. No other knows which of the two it has.

const { decideEngine } = require('../native/engine');
const { describe, getEnvironment } = require('../native/environment');

let made;

/** The one of this thread. Its parts are run when they are needed: most processes never do, and `require` is quicker. */
function fallback() {
  if (made) return made;
  const { FallbackCpuRecording } = require('./cpu-recording');
  const { FallbackFile } = require('./file');
  const { FallbackSampling } = require('./sampling');
  const { FallbackCapture, FallbackSnapshot } = require('./snapshot');
  const sampling = new FallbackSampling();
  made = {
    openTarget: (path) => new FallbackFile(path),
    captureSnapshot: (options) => new FallbackCapture(options),
    takeSnapshot: (options) => new FallbackSnapshot(options),
    newCpuRecording: () => new FallbackCpuRecording(describe().error),
    startSampling: (options) => sampling.start(options),
    stopSampling: () => sampling.stop(),
    abandonSampling: () => sampling.abandon(),
  };
  return made;
}

/**
 * Who captures here.
 * @param {'snapshot' | 'cpu' | 'sampling'} kind
 * @returns {{ environment: object, engine: 'native' | 'node', engineReason: string }}
 * @throws {Error} ERR_RS_PROFILER_NATIVE_MISSING, ERR_RS_PROFILER_UNSUPPORTED_NODE when neither can
 */
function engineFor(kind) {
  const decided = decideEngine(kind);
  return { __proto__: null, environment: decided.engine === 'native' ? getEnvironment() : fallback(), ...decided };
}

module.exports = { engineFor };
