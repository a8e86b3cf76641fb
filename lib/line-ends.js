'use strict';
// V8 of Node 18 and 20 looks for the line ends of a script once per closure of a snapshot, unless they were looked for
// before: with one script of 9 MB loaded a snapshot takes 20 s instead of 0.4 s. A CPU profile that is started and stopped
// makes V8 find and keep them. That costs some 25 to 400 ms, growing with the heap, so it is done only where it can pay.

const NEEDED = ['108', '115'].includes(process.versions.modules);
/** Scripts above 128 KiB lie in the large object space. */
const LARGE_BYTES = 1 << 20;
/** Many small scripts come with a heap of some size. */
const HEAP_BYTES = 48 << 20;

/** Makes V8 cache the line ends of all scripts, if this V8 needs it and the heap looks as if it paid. */
function cacheLineEnds(environment) {
  if (!NEEDED || environment.isWarm()) return;
  const v8 = require('v8');
  const large = v8.getHeapSpaceStatistics().find((space) => space.space_name === 'large_object_space');
  if ((large && large.space_used_size > LARGE_BYTES) || v8.getHeapStatistics().used_heap_size > HEAP_BYTES) {
    environment.cacheLineEnds();
  }
}

module.exports = { cacheLineEnds };
