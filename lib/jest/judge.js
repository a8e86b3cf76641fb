'use strict';
// Whether calls of a function leave memory behind: a generator, which asks its driver to call the function and to collect garbage,
// so that synchronous and asynchronous functions are judged by the same rules. It yields `{ calls }`, and `{ settle: true }`.

const { performance } = require('perf_hooks');
const { hasRoom, liveBytes } = require('./measure');

/** Rounds in which the first look is taken. */
const ROUNDS = 5;
/** The most collections before the first look; V8 drops code that is no longer used in the first ones. */
const MOST_SETTLING = 8;
/** Differences of so many bytes are no movement. */
const STILL = 64;
/** Rounds of the second look: at least, and quiet ones that acquit. */
const LEAST_ROUNDS = 4;
const QUIET_ROUNDS = 3;
/** Rounds in all, also those that tell nothing because V8 freed of its own. */
const MOST_ROUNDS = 24;
/** The second look ends after so many milliseconds in calls, so much growth, or so many times the calls of the first look. */
const LOOK_MS = 1600;
const ROUND_MS = 400;
const LOOK_BYTES = 64 * 1024 * 1024;
const LOOK_CALLS = 256;
/** A second look that is repeated begins as if at most so many times the calls of the first had been made. */
const AGAIN_CALLS = 64;
/** What is left of the pace of growth in a leak, at least: growth that ends, or only follows the logarithm, is below. */
const PACE_KEPT = 0.35;

function* settled() {
  yield { settle: true };
  return liveBytes();
}

/** Collects until two measures agree. */
function* still() {
  let last = yield* settled();
  for (let round = 1; round < MOST_SETTLING; round += 1) {
    const next = yield* settled();
    const difference = Math.abs(next - last);
    last = next;
    if (difference <= STILL) break;
  }
  return last;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Calls in rounds; how much stayed of each. */
function* rounds(sizes, before) {
  const grown = [];
  for (const calls of sizes) {
    yield { calls };
    const after = yield* settled();
    grown.push(after - before);
    before = after;
  }
  return { grown, before };
}

/** The sizes of the rounds of the first look: together `iterations`. */
function split(iterations) {
  const count = Math.min(ROUNDS, iterations);
  return Array.from({ length: count }, (_, at) => Math.floor((iterations * (at + 1)) / count) - Math.floor((iterations * at) / count));
}

/**
 * Whether the first look is a reason for a second one: something stayed in all, or in all but the round in which V8 freed most
 * of its own. This may be wrong, at the price of the second look; it may not miss.
 */
function isSuspicious(grown, toleranceBytes) {
  if (sum(grown) > toleranceBytes) return true;
  const telling = grown.filter((bytes) => bytes >= -toleranceBytes / grown.length);
  if (telling.length < Math.min(2, grown.length)) return true;
  return (sum(telling) * grown.length) / telling.length > toleranceBytes;
}

/** Bytes per call of a part of the rounds. */
const pace = (part) => sum(part.map((round) => round.bytes)) / sum(part.map((round) => round.calls));

/** Whether growth goes on as it began. */
function goesOn(looked) {
  const half = Math.min(2, Math.floor(looked.length / 2));
  const late = pace(looked.slice(-half));
  const early = pace(looked.slice(-2 * half, -half));
  return late > 0 && late >= PACE_KEPT * early;
}

/**
 * The second look: rounds that double all calls so far, so that a cache comes to its bound, and a container that has room in
 * advance has to grow. Three rounds that neither grew nor shrank acquit; where the heap shrank, V8 may have freed as much of its
 * own as stays.
 */
function* secondLook({ iterations, toleranceBytes }, made, bytesPerCall, msPerCall) {
  const looked = [];
  const tolerated = ({ calls }) => (toleranceBytes * calls) / iterations;
  const isQuiet = (round) => round.bytes <= tolerated(round);
  let tried = 0;
  let before = yield* settled();
  const mostCalls = Math.max(made, iterations) * LOOK_CALLS;
  let spentMs = 0;
  let grown = 0;
  let perCall = Math.max(0, bytesPerCall);
  for (;;) {
    const byTime = msPerCall > 0 ? Math.floor(ROUND_MS / msPerCall) : Infinity;
    const byMemory = perCall > 0 ? Math.floor(LOOK_BYTES / perCall) : Infinity;
    const calls = Math.max(Math.ceil(iterations / 4), Math.min(made, byTime, byMemory));
    const start = performance.now();
    yield { calls };
    const ms = performance.now() - start;
    const after = yield* settled();
    spentMs += ms;
    msPerCall = ms / calls;
    made += calls;
    grown += after - before;
    tried += 1;
    const round = { calls, bytes: after - before };
    if (round.bytes >= -tolerated(round)) looked.push(round);
    perCall = Math.max(0, (after - before) / calls);
    before = after;
    if (looked.filter(isQuiet).length >= QUIET_ROUNDS) return { leaks: false };
    const enough = spentMs >= LOOK_MS || grown >= LOOK_BYTES || made >= mostCalls || !hasRoom();
    if ((looked.length >= LEAST_ROUNDS && enough) || tried >= MOST_ROUNDS) break;
  }
  const last = looked.slice(-3);
  const leaks = last.length === 3 && !last.some(isQuiet) && goesOn(looked);
  return { leaks, bytesPerIteration: pace(looked.slice(-2)), made, msPerCall };
}

/**
 * Only the second look, for calls that need more than the first one gave them: turns of the event loop.
 * @param {object} options
 * @param {{ made: number, msPerCall: number, bytesPerIteration: number }} verdict the one that is not believed
 */
function* judgeAgain(options, { made, msPerCall, bytesPerIteration }) {
  yield* still();
  return yield* secondLook(options, Math.min(made, AGAIN_CALLS * options.iterations), bytesPerIteration, msPerCall);
}

/**
 * Judges the calls of a function.
 * @param {{ iterations: number, warmup: number, toleranceBytes: number }} options
 * @returns {{ leaks: boolean, bytesPerIteration: number, made?: number, msPerCall?: number }} the last two, calls and milliseconds per
 *   call, when it leaks
 */
function* judge(options) {
  yield { calls: options.warmup };
  const start = yield* still();
  const began = performance.now();
  const { grown } = yield* rounds(split(options.iterations), start);
  const bytesPerIteration = sum(grown) / options.iterations;
  if (!isSuspicious(grown, options.toleranceBytes)) return { leaks: false, bytesPerIteration };
  const msPerCall = (performance.now() - began) / options.iterations;
  const second = yield* secondLook(options, options.warmup + options.iterations, bytesPerIteration, msPerCall);
  return { bytesPerIteration, ...second };
}

module.exports = { judge, judgeAgain };
