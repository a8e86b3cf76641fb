'use strict';
// `expect(fn).toAllocateLessThan(bytes)`: bytes that calls allocate, whether they stay or not.

const { performance } = require('perf_hooks');
const v8 = require('v8');
const { collect, settle } = require('./collect');
const { bytesText } = require('./message');
const { checkAllocation, checkFunction } = require('./options');
const { isThenable } = require('./run');

/** Rounds, of which the one in the middle counts. */
const ROUNDS = 5;
/**
 * When it is too much, it is counted once more: with so many times the calls, as far as a round takes so many milliseconds, and so
 * many bytes, which V8 mostly has room for without a collection.
 */
const MORE_CALLS = 10;
const MORE_MS = 500;
const MORE_BYTES = 512 * 1024;

const sizeOf = ({ usedHeapSize, externalMemory }) => ({ heap: usedHeapSize, external: externalMemory });

function now() {
  const { used_heap_size: heap, external_memory: external } = v8.getHeapStatistics();
  return { heap, external };
}

/** What was allocated from one moment to another without a collection between: memory off heap may have been given back meanwhile. */
const between = (from, to) => Math.max(0, to.heap - from.heap) + Math.max(0, to.external - from.external);

/**
 * Starts to count: sizes now, and before and after every collection until the end.
 * @returns {{ bytes(): number, stop(): void }} the bytes allocated until then; `stop` also after a failure
 */
function count() {
  const profiler = new v8.GCProfiler();
  profiler.start();
  const start = now();
  const bytesUntilNow = () => {
    const end = now();
    let from = start;
    let bytes = 0;
    for (const { beforeGC, afterGC } of profiler.stop().statistics) {
      bytes += between(from, sizeOf(beforeGC.heapStatistics));
      from = sizeOf(afterGC.heapStatistics);
    }
    return bytes + between(from, end);
  };
  return { bytes: bytesUntilNow, stop: () => profiler.stop() };
}

const middle = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

function nothing() {}

/** One round: bytes of so many calls. */
function roundSync(fn, calls) {
  collect();
  const counted = count();
  try {
    for (let call = 0; call < calls; call += 1) fn();
    return counted.bytes();
  } finally {
    counted.stop();
  }
}

async function roundAsync(fn, calls) {
  await settle();
  const counted = count();
  try {
    for (let call = 0; call < calls; call += 1) await fn();
    return counted.bytes();
  } finally {
    counted.stop();
  }
}

/** What a call allocates: the middle round, less what counting itself takes. */
const perCall = (rounds, empty, calls) => Math.max(0, (middle(rounds) - middle(empty)) / calls);

function answer({ bytes, calls }, limit) {
  const pass = bytes < limit;
  return {
    pass,
    message: () => `Expected the function to allocate ${pass ? 'at least' : 'less than'} ${bytesText(limit)} (${limit} bytes) per call, `
      + `but it allocates ${bytesText(bytes)} (${Math.round(bytes)} bytes; ${ROUNDS} rounds of ${calls} calls).`,
  };
}

/**
 * How many calls a round gets to count once more what was too much: V8's own bytes (bytecode that it made anew, ends of pages) do not
 * grow with the calls.
 */
function moreCalls({ bytes, calls, ms }) {
  return Math.floor(Math.min(calls * MORE_CALLS, MORE_BYTES / bytes, ms > 0 ? (calls * MORE_MS) / ms : Infinity));
}

/** Of two measurements the better: what V8 adds of its own only makes it more. */
const lower = (one, other) => (one.bytes < other.bytes ? one : other);

async function measureAsync(fn, calls) {
  const [rounds, empty] = [[], []];
  const empties = async () => undefined;
  let ms = 0;
  await roundAsync(empties, calls);
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(await roundAsync(empties, calls));
    const start = performance.now();
    rounds.push(await roundAsync(fn, calls));
    ms = performance.now() - start;
  }
  return { bytes: perCall(rounds, empty, calls), calls, ms };
}

function measureSync(fn, calls) {
  const [rounds, empty] = [[], []];
  let ms = 0;
  roundSync(nothing, calls);
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(roundSync(nothing, calls));
    const start = performance.now();
    rounds.push(roundSync(fn, calls));
    ms = performance.now() - start;
  }
  return { bytes: perCall(rounds, empty, calls), calls, ms };
}

async function allocateAsync(fn, limit, { iterations, warmup }) {
  for (let call = 0; call < warmup; call += 1) await fn();
  const measured = await measureAsync(fn, iterations);
  const more = measured.bytes < limit ? 0 : moreCalls(measured);
  return answer(more > iterations ? lower(measured, await measureAsync(fn, more)) : measured, limit);
}

function allocateSync(fn, limit, { iterations, warmup }) {
  for (let call = 0; call < warmup; call += 1) fn();
  const measured = measureSync(fn, iterations);
  const more = measured.bytes < limit ? 0 : moreCalls(measured);
  return answer(more > iterations ? lower(measured, measureSync(fn, more)) : measured, limit);
}

/**
 * The matcher. It returns a promise when `fn` does.
 * @param {Function} fn
 * @param {number} bytes per call
 * @param {{ iterations?: number, warmup?: number }} [options]
 */
function toAllocateLessThan(fn, bytes, options) {
  checkFunction('toAllocateLessThan', fn);
  const checked = checkAllocation(bytes, options);
  const first = fn();
  if (!isThenable(first)) return allocateSync(fn, bytes, checked);
  return Promise.resolve(first).then(() => allocateAsync(fn, bytes, checked));
}

module.exports = { toAllocateLessThan };
