'use strict';

/** One heap shape: what lib/headroom.js estimates, and what the capture then takes. Needs `--expose-gc`. */

const os = require('os');
const path = require('path');
const fs = require('fs');
const v8 = require('v8');
const { answer } = require('../lib/child');
const { SHAPES } = require('../lib/heap-shapes');
const { companion } = require('../lib/companion');
const { watchPeak } = require('../lib/memory');
const { estimateOwnNeed } = require('../../lib/headroom');
const profiler = require('../..');

/** The captures that can be measured: each writes a snapshot. The growth of all but `fork` is in this process. */
const CAPTURES = {
  inline: () => profiler.writeHeapSnapshot(os.devNull, { isolation: 'inline' }),
  fork: () => profiler.writeHeapSnapshot(os.devNull, { isolation: 'fork' }),
  v8: () => {
    const file = path.join(os.tmpdir(), `rs-profiler-headroom-${process.pid}.heapsnapshot`);
    v8.writeHeapSnapshot(file);
    fs.unlinkSync(file);
  },
};

/** The most that `capture` takes beside what is there before: in this process, or with `fork` in it and its child together. */
async function peakOf(capture) {
  if (capture !== 'fork') {
    const watch = watchPeak();
    const written = await CAPTURES[capture]();
    return { written, peak: watch.above() };
  }
  const watch = companion('memory-watch');
  const { start } = await watch.ask({ begin: { pid: process.pid, share: 0.5 } });
  const written = await CAPTURES.fork();
  const { peak } = await watch.ask({ end: true });
  watch.close();
  return { written, peak: peak - start };
}

answer(async ({ shape, megabytes, capture }) => {
  globalThis.kept = SHAPES[shape](megabytes);
  for (let i = 0; i < 3; i++) global.gc();
  const begin = performance.now();
  const estimate = await estimateOwnNeed(capture === 'fork' ? 'fork' : 'inline');
  const estimateMs = performance.now() - begin;
  const used = process.memoryUsage().heapUsed;
  const { written, peak } = await peakOf(capture);
  return { used, peak, estimate, estimateMs, nodes: written && written.nodes, edges: written && written.edges };
});
