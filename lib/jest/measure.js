'use strict';
// What is alive, in bytes: cheap, and without V8's own machine code.

const v8 = require('v8');

/**
 * Spaces for code and what belongs to it: V8 fills and empties them as it sees fit, and no object of JavaScript lies there.
 * The texts and function infos of code that is made again and again lie in the others, so that such leaks are seen.
 */
const CODE = /^(code|trusted|shared_trusted|read_only)/;

/** Bytes of the objects in the heap and of the memory off heap that they own (Buffers, ArrayBuffers). */
function liveBytes() {
  let bytes = v8.getHeapStatistics().external_memory;
  for (const space of v8.getHeapSpaceStatistics()) {
    if (!CODE.test(space.space_name)) bytes += space.space_used_size;
  }
  return bytes;
}

/** Whether the heap has room for a leak to go on. */
function hasRoom() {
  const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
  return used < limit / 2;
}

module.exports = { hasRoom, liveBytes };
