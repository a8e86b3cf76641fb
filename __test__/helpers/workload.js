'use strict';

/**
 * Work with known function names, for profiles to find. Required by the tests and by their child processes.
 */

// Looked up once: Jest's globals are slow to reach.
const { imul } = Math;

// Two things keep the names in every profile, whatever V8 has optimised before it starts. The bodies are long, because
// V8 does not inline a function of more than 460 bytes of bytecode. They have no loops, because code that was optimised
// in the middle of a loop is not known to a profile that starts later.

/** Pure computation, a fraction of a microsecond. */
function hotLeaf(seed) {
  let a = seed | 0;
  let b = 1;
  let c = 2;
  a = (a + imul(b ^ (c >>> 3), 0x2c1b3c6d)) | 0;
  b = (b + imul(c ^ (a >>> 4), 0x297a2d39)) | 0;
  c = (c + imul(a ^ (b >>> 5), 0x9e3779b1)) | 0;
  a = (a + imul(b ^ (c >>> 6), 0x85ebca77)) | 0;
  b = (b + imul(c ^ (a >>> 7), 0xc2b2ae3d)) | 0;
  c = (c + imul(a ^ (b >>> 8), 0x2c1b3c6d)) | 0;
  a = (a + imul(b ^ (c >>> 9), 0x297a2d39)) | 0;
  b = (b + imul(c ^ (a >>> 10), 0x9e3779b1)) | 0;
  c = (c + imul(a ^ (b >>> 11), 0x85ebca77)) | 0;
  a = (a + imul(b ^ (c >>> 12), 0xc2b2ae3d)) | 0;
  b = (b + imul(c ^ (a >>> 13), 0x2c1b3c6d)) | 0;
  c = (c + imul(a ^ (b >>> 3), 0x297a2d39)) | 0;
  a = (a + imul(b ^ (c >>> 4), 0x9e3779b1)) | 0;
  b = (b + imul(c ^ (a >>> 5), 0x85ebca77)) | 0;
  c = (c + imul(a ^ (b >>> 6), 0xc2b2ae3d)) | 0;
  a = (a + imul(b ^ (c >>> 7), 0x2c1b3c6d)) | 0;
  b = (b + imul(c ^ (a >>> 8), 0x297a2d39)) | 0;
  c = (c + imul(a ^ (b >>> 9), 0x9e3779b1)) | 0;
  a = (a + imul(b ^ (c >>> 10), 0x85ebca77)) | 0;
  b = (b + imul(c ^ (a >>> 11), 0xc2b2ae3d)) | 0;
  c = (c + imul(a ^ (b >>> 12), 0x2c1b3c6d)) | 0;
  a = (a + imul(b ^ (c >>> 13), 0x297a2d39)) | 0;
  b = (b + imul(c ^ (a >>> 3), 0x9e3779b1)) | 0;
  c = (c + imul(a ^ (b >>> 4), 0x85ebca77)) | 0;
  return (a ^ b ^ c) | 0;
}
const HOT_LEAF_LINES = hotLeaf.toString().split('\n').length;

/** Calls `hotLeaf` twelve times and does little itself. */
function hotCaller(seed) {
  let a = hotLeaf(hotLeaf(hotLeaf(hotLeaf(seed))));
  let b = hotLeaf(hotLeaf(hotLeaf(hotLeaf(a))));
  let c = hotLeaf(hotLeaf(hotLeaf(hotLeaf(b))));
  a = (a + imul(b ^ (c >>> 3), 0x2c1b3c6d)) | 0;
  b = (b + imul(c ^ (a >>> 4), 0x297a2d39)) | 0;
  c = (c + imul(a ^ (b >>> 5), 0x9e3779b1)) | 0;
  a = (a + imul(b ^ (c >>> 6), 0x85ebca77)) | 0;
  b = (b + imul(c ^ (a >>> 7), 0xc2b2ae3d)) | 0;
  c = (c + imul(a ^ (b >>> 8), 0x2c1b3c6d)) | 0;
  a = (a + imul(b ^ (c >>> 9), 0x297a2d39)) | 0;
  b = (b + imul(c ^ (a >>> 10), 0x9e3779b1)) | 0;
  c = (c + imul(a ^ (b >>> 11), 0x85ebca77)) | 0;
  a = (a + imul(b ^ (c >>> 12), 0xc2b2ae3d)) | 0;
  b = (b + imul(c ^ (a >>> 13), 0x2c1b3c6d)) | 0;
  c = (c + imul(a ^ (b >>> 3), 0x297a2d39)) | 0;
  a = (a + imul(b ^ (c >>> 4), 0x9e3779b1)) | 0;
  b = (b + imul(c ^ (a >>> 5), 0x85ebca77)) | 0;
  c = (c + imul(a ^ (b >>> 6), 0xc2b2ae3d)) | 0;
  return (a ^ b ^ c) | 0;
}

/**
 * Keeps this thread busy in `hotCaller` / `hotLeaf` for `ms` milliseconds, or longer when the machine is busy:
 * the work done has a lower bound.
 */
function spin(ms) {
  const end = Date.now() + ms;
  let value = 0;
  for (let rounds = 0; rounds < ms || Date.now() < end; rounds++) {
    for (let calls = 0; calls < CALLS_PER_ROUND; calls++) value = (value + hotCaller(value)) | 0;
  }
  return value;
}

/** Takes well under a millisecond once it is optimised. */
const CALLS_PER_ROUND = 500;

class RetainedThing {
  constructor(index) {
    this.index = index;
    this.payload = new Array(16).fill(index);
  }
}

/** `count` objects of the class `RetainedThing`, made by a function of this name. */
function allocateThings(count) {
  const things = [];
  for (let i = 0; i < count; i++) things.push(new RetainedThing(i));
  return things;
}

module.exports = { hotLeaf, hotCaller, spin, allocateThings, RetainedThing, HOT_LEAF_LINES, file: __filename };
