'use strict';

/**
 * Tests that need what a machine may lack. Where it lacks it they are skipped, with the reason in their names: so `npm test` can
 * tell it.
 */

/** The same test with its reason, switched off. */
const off = (skip, reason) => (name, ...rest) => skip(`${name} [skipped: ${reason}]`, ...rest);

/**
 * `test` where something is there, else a skipped one.
 * @param {unknown} isThere
 * @param {string} reason what is missing, such as `there is no /dev/full`
 */
const testIf = (isThere, reason) => (isThere ? test : off(test.skip, reason));

/** The same for `describe`. The reason goes behind the names of its tests' group. */
const describeIf = (isThere, reason) => (isThere ? describe : off(describe.skip, reason));

module.exports = { describeIf, testIf };
