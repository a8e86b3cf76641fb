'use strict';

/** The ways to record a sampling heap profile that are compared: `open(module)` gives `start()` and `stopAndWrite(file)`. */

const fs = require('fs');

function openProfiler(profiler) {
  return {
    start() { profiler.startSamplingHeapProfiling(); },
    stopAndWrite(file) {
      const profile = profiler.stopSamplingHeapProfiling();
      return new Promise((resolve, reject) => {
        profile.export().pipe(fs.createWriteStream(file)).on('finish', resolve).on('error', reject);
      });
    },
  };
}

function openInspector(inspector) {
  const session = new inspector.Session();
  session.connect();
  return {
    start() { session.post('HeapProfiler.startSampling', { samplingInterval: 512 * 1024 }); },
    async stopAndWrite(file) {
      const profile = await new Promise((resolve, reject) => {
        session.post('HeapProfiler.stopSampling', (error, result) => (error ? reject(error) : resolve(result.profile)));
      });
      await fs.promises.writeFile(file, JSON.stringify(profile));
      session.disconnect();
    },
  };
}

const SAMPLING_FORMS = Object.freeze({
  ours: { label: 'rs-profiler', package: 'rs-profiler', open: openProfiler },
  vpn: { label: 'v8-profiler-next', package: 'v8-profiler-next', open: openProfiler },
  inspector: { label: 'node:inspector', package: 'node:inspector', open: openInspector },
});

module.exports = { SAMPLING_FORMS };
