'use strict';

/**
 * For what is random by nature: a profile may hold no sample of a function that ran, when the machine gave the sampling thread
 * no time. Such a recording is made again; what is asserted of it is not softened, and everything around it happens once.
 */

/**
 * Records until it shows what is looked for, at most `tries` times, and resolves with the last recording.
 * @template T
 * @param {number} tries
 * @param {() => T | Promise<T>} record
 * @param {(recording: T) => boolean} isSeen
 * @returns {Promise<T>}
 */
async function untilSeen(tries, record, isSeen) {
  let recording = await record();
  for (let left = tries - 1; left > 0 && !isSeen(recording); left--) recording = await record();
  return recording;
}

module.exports = { untilSeen };
