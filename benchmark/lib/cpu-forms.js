'use strict';

/**
 * The ways to record a CPU profile and to get it into a file that are compared. `open(module)` gives
 * `configure(intervalUs)`, `start(file)`, `stopAndWrite(file)` and `delete()`; `warm(module)`, where it exists, makes
 * ready for a quick start.
 */

const fs = require('fs');

const NAME = 'benchmark';

function openProfiler(profiler) {
  let profile;
  return {
    configure(intervalUs) { profiler.setSamplingInterval(intervalUs); },
    start() { profiler.startProfiling(NAME, true); },
    stopAndWrite(file) {
      profile = profiler.stopProfiling(NAME);
      return new Promise((resolve, reject) => {
        profile.export().pipe(fs.createWriteStream(file)).on('finish', resolve).on('error', reject);
      });
    },
    delete() { profile.delete(); },
  };
}

function openCapture(profiler) {
  const end = new AbortController();
  let samplingIntervalUs;
  let capture;
  return {
    configure(intervalUs) { samplingIntervalUs = intervalUs; },
    start(file) { capture = profiler.captureCpuProfile({ signal: end.signal, samplingIntervalUs, path: file }); },
    stopAndWrite() {
      end.abort();
      return capture;
    },
    delete() {},
  };
}

function openInspector(inspector) {
  const session = new inspector.Session();
  session.connect();
  session.post('Profiler.enable');
  const post = (method, parameters) => new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
  });
  return {
    configure(intervalUs) { session.post('Profiler.setSamplingInterval', { interval: intervalUs }); },
    start() { session.post('Profiler.start'); },
    async stopAndWrite(file) {
      const { profile } = await post('Profiler.stop');
      await fs.promises.writeFile(file, JSON.stringify(profile));
    },
    delete() { session.disconnect(); },
  };
}

/** The nearest that v8-profiler-next has to being warm: it keeps V8's profiler, logging eagerly, from one profile to the next. */
function keepProfiler(profiler) {
  profiler.setProfilesCleanupLimit(1000);
  profiler.startProfiling('first', true, 1);
  profiler.stopProfiling('first').delete();
}

const CPU_FORMS = Object.freeze({
  ours: { label: 'rs-profiler', package: 'rs-profiler', open: openProfiler },
  'ours-warm': { label: 'rs-profiler after warmUp()', package: 'rs-profiler', open: openProfiler, warm: (profiler) => profiler.warmUp() },
  'ours-modern': { label: 'rs-profiler, captureCpuProfile({ path })', package: 'rs-profiler', open: openCapture },
  vpn: { label: 'v8-profiler-next', package: 'v8-profiler-next', open: openProfiler },
  'vpn-kept': { label: 'v8-profiler-next, profiler kept', package: 'v8-profiler-next', open: openProfiler, warm: keepProfiler },
  inspector: { label: 'node:inspector', package: 'node:inspector', open: openInspector },
});

module.exports = { CPU_FORMS };
