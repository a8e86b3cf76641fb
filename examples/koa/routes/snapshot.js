'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { writeHeapSnapshot } = require('rs-profiler');

/** For so long the delay is watched before the snapshot and after it: its first tick is where the monitor begins to count. */
const AROUND_MS = 20;

/**
 * Writes a heap snapshot, `/snapshot/fork` by a forked child, where there can be one, `/snapshot/inline` in this process, and
 * answers with the longest time for which the event loop stood still meanwhile: no request was answered then.
 */
module.exports = async function snapshot(ctx) {
  const inline = ctx.params.where === 'inline';
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(AROUND_MS);
  const isolation = inline ? 'inline' : 'auto';
  const taken = await writeHeapSnapshot(`snapshot2-${inline ? 'inline' : 'forked'}.heapsnapshot`, { isolation });
  await sleep(AROUND_MS);
  delay.disable();
  ctx.body = { isolation: taken.isolation, reason: taken.isolationReason, longestStopMs: delay.max / 1e6 };
};
