'use strict';

/** The four captures with promises, each once, and what they say of themselves. Required, by path, by child processes and workers. */

const fs = require('node:fs');
const { countsOfFile } = require('./outcome');

async function captureAll(profiler) {
  const file = await profiler.writeHeapSnapshot();
  const stream = profiler.createHeapSnapshotStream();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const cpu = await profiler.captureCpuProfile({ durationMs: 5 });
  const sampling = await profiler.captureSamplingHeapProfile({ durationMs: 5 });
  const counts = countsOfFile(file.path);
  const text = Buffer.concat(chunks);
  const { size, mode } = fs.statSync(file.path);
  fs.unlinkSync(file.path);
  return {
    engines: [file, stream, cpu, sampling].map(({ engine }) => engine),
    reasons: [file, stream, cpu, sampling].map(({ engineReason }) => engineReason),
    isolation: [file.isolation, stream.isolation],
    whole: [counts.whole, /\]\s*\}\s*$/.test(text.toString('latin1', text.length - 10))],
    told: [counts.nodes === file.nodes && counts.edges === file.edges, size === file.bytes, stream.bytes === text.length],
    mode: mode & 0o777,
    keys: [Object.keys(cpu), Object.keys(sampling)],
  };
}

module.exports = { captureAll, file: __filename };
