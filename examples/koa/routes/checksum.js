'use strict';

const ROUNDS = 60;
const text = Array.from({ length: 16384 }, (_, i) => String.fromCharCode(32 + ((i * 31) % 95))).join('');

/**
 * Answers with the checksum of a fixed text, slowly on purpose: the function that a CPU profile of this service has
 * to show at the top. The loop stands in the handler itself because V8 would inline a helper, and a profile may then
 * give the helper's time to its caller.
 */
module.exports = async function hotChecksum(ctx) {
  let hash = 0x811c9dc5;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    }
  }
  ctx.body = { checksum: hash >>> 0 };
};
