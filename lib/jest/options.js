'use strict';
// What the matchers are given.

const { invalidArgument } = require('../errors');

const LEAK_DEFAULTS = { iterations: 100, warmup: 10 };
const ALLOCATION_DEFAULTS = { iterations: 20, warmup: 10 };
/** Half a reference for each call: whatever stays for each call is more. */
const TOLERANCE_PER_CALL = 4;

function checkFunction(matcher, fn) {
  if (typeof fn !== 'function') throw invalidArgument(`expect(fn).${matcher}() needs a function that can be called again and again.`);
}

function checkOptions(matcher, options, defaults, names) {
  if (options === undefined) options = {};
  if (typeof options !== 'object' || options === null) throw invalidArgument(`The options of ${matcher} must be an object.`);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw invalidArgument(`${matcher} knows no option '${name}', only ${names.join(', ')}.`);
  }
  const { iterations = defaults.iterations, warmup = defaults.warmup } = options;
  if (!Number.isSafeInteger(iterations) || iterations < 1) throw invalidArgument('iterations must be an integer of at least 1.', RangeError);
  if (!Number.isSafeInteger(warmup) || warmup < 0) throw invalidArgument('warmup must be an integer of at least 0.', RangeError);
  return { iterations, warmup };
}

/** Options of `toLeak`, complete. */
function checkLeak(options) {
  const { iterations, warmup } = checkOptions('toLeak', options, LEAK_DEFAULTS, ['iterations', 'warmup', 'toleranceBytes']);
  const { toleranceBytes = TOLERANCE_PER_CALL * iterations } = options ?? {};
  if (!Number.isFinite(toleranceBytes) || toleranceBytes < 0) throw invalidArgument('toleranceBytes must be a number of at least 0.', RangeError);
  return { iterations, warmup, toleranceBytes };
}

/** Options of `toAllocateLessThan`, complete. */
function checkAllocation(bytes, options) {
  if (typeof bytes !== 'number' || !(bytes > 0)) throw invalidArgument('toAllocateLessThan(bytes) needs a number of bytes above 0.', RangeError);
  return checkOptions('toAllocateLessThan', options, ALLOCATION_DEFAULTS, ['iterations', 'warmup']);
}

module.exports = { checkAllocation, checkFunction, checkLeak };
