'use strict';

/**
 * Work with known function names, for profiles to find. Required by the tests and by their child processes.
 */

// The bodies are long on purpose: V8 does not inline a function of more than 460 bytes of bytecode, and an inlined
// function may be missing from a profile.

/** A fraction of a millisecond of pure computation. */
function hotLeaf(seed) {
  let a = seed | 0;
  let b = 1;
  let c = 2;
  for (let i = 0; i < 2000; i++) {
    a = (a + Math.imul(b ^ (c >>> 3), 0x2c1b3c6d)) | 0;
    b = (b + Math.imul(c ^ (a >>> 4), 0x297a2d39)) | 0;
    c = (c + Math.imul(a ^ (b >>> 5), 0x9e3779b1)) | 0;
    a = (a + Math.imul(b ^ (c >>> 6), 0x85ebca77)) | 0;
    b = (b + Math.imul(c ^ (a >>> 7), 0xc2b2ae3d)) | 0;
    c = (c + Math.imul(a ^ (b >>> 8), 0x2c1b3c6d)) | 0;
    a = (a + Math.imul(b ^ (c >>> 9), 0x297a2d39)) | 0;
    b = (b + Math.imul(c ^ (a >>> 10), 0x9e3779b1)) | 0;
    c = (c + Math.imul(a ^ (b >>> 11), 0x85ebca77)) | 0;
    a = (a + Math.imul(b ^ (c >>> 12), 0xc2b2ae3d)) | 0;
    b = (b + Math.imul(c ^ (a >>> 13), 0x2c1b3c6d)) | 0;
    c = (c + Math.imul(a ^ (b >>> 3), 0x297a2d39)) | 0;
    a = (a + Math.imul(b ^ (c >>> 4), 0x9e3779b1)) | 0;
    b = (b + Math.imul(c ^ (a >>> 5), 0x85ebca77)) | 0;
    c = (c + Math.imul(a ^ (b >>> 6), 0xc2b2ae3d)) | 0;
    a = (a + Math.imul(b ^ (c >>> 7), 0x2c1b3c6d)) | 0;
    b = (b + Math.imul(c ^ (a >>> 8), 0x297a2d39)) | 0;
    c = (c + Math.imul(a ^ (b >>> 9), 0x9e3779b1)) | 0;
    a = (a + Math.imul(b ^ (c >>> 10), 0x85ebca77)) | 0;
    b = (b + Math.imul(c ^ (a >>> 11), 0xc2b2ae3d)) | 0;
    c = (c + Math.imul(a ^ (b >>> 12), 0x2c1b3c6d)) | 0;
    a = (a + Math.imul(b ^ (c >>> 13), 0x297a2d39)) | 0;
    b = (b + Math.imul(c ^ (a >>> 3), 0x9e3779b1)) | 0;
    c = (c + Math.imul(a ^ (b >>> 4), 0x85ebca77)) | 0;
  }
  return (a ^ b ^ c) | 0;
}
const HOT_LEAF_LINES = hotLeaf.toString().split('\n').length;

/** Calls `hotLeaf` and does little itself. */
function hotCaller(seed) {
  let a = hotLeaf(seed);
  let b = hotLeaf(seed + 1);
  let c = 3;
  a = (a + Math.imul(b ^ (c >>> 3), 0x2c1b3c6d)) | 0;
  b = (b + Math.imul(c ^ (a >>> 4), 0x297a2d39)) | 0;
  c = (c + Math.imul(a ^ (b >>> 5), 0x9e3779b1)) | 0;
  a = (a + Math.imul(b ^ (c >>> 6), 0x85ebca77)) | 0;
  b = (b + Math.imul(c ^ (a >>> 7), 0xc2b2ae3d)) | 0;
  c = (c + Math.imul(a ^ (b >>> 8), 0x2c1b3c6d)) | 0;
  a = (a + Math.imul(b ^ (c >>> 9), 0x297a2d39)) | 0;
  b = (b + Math.imul(c ^ (a >>> 10), 0x9e3779b1)) | 0;
  c = (c + Math.imul(a ^ (b >>> 11), 0x85ebca77)) | 0;
  a = (a + Math.imul(b ^ (c >>> 12), 0xc2b2ae3d)) | 0;
  b = (b + Math.imul(c ^ (a >>> 13), 0x2c1b3c6d)) | 0;
  c = (c + Math.imul(a ^ (b >>> 3), 0x297a2d39)) | 0;
  a = (a + Math.imul(b ^ (c >>> 4), 0x9e3779b1)) | 0;
  b = (b + Math.imul(c ^ (a >>> 5), 0x85ebca77)) | 0;
  c = (c + Math.imul(a ^ (b >>> 6), 0xc2b2ae3d)) | 0;
  a = (a + Math.imul(b ^ (c >>> 7), 0x2c1b3c6d)) | 0;
  b = (b + Math.imul(c ^ (a >>> 8), 0x297a2d39)) | 0;
  c = (c + Math.imul(a ^ (b >>> 9), 0x9e3779b1)) | 0;
  a = (a + Math.imul(b ^ (c >>> 10), 0x85ebca77)) | 0;
  b = (b + Math.imul(c ^ (a >>> 11), 0xc2b2ae3d)) | 0;
  c = (c + Math.imul(a ^ (b >>> 12), 0x2c1b3c6d)) | 0;
  a = (a + Math.imul(b ^ (c >>> 13), 0x297a2d39)) | 0;
  b = (b + Math.imul(c ^ (a >>> 3), 0x9e3779b1)) | 0;
  c = (c + Math.imul(a ^ (b >>> 4), 0x85ebca77)) | 0;
  return (a ^ b ^ c) | 0;
}

/**
 * Keeps this thread busy in `hotCaller` / `hotLeaf` for `ms` milliseconds, or longer when the machine is busy:
 * the work done has a lower bound.
 */
function spin(ms) {
  const end = Date.now() + ms;
  let value = 0;
  for (let calls = 0; calls < 3 * ms || Date.now() < end; calls++) value = (value + hotCaller(value)) | 0;
  return value;
}

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
