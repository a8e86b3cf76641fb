'use strict';
// A capture on its way to a client: no more bytes than allowed, and no client that keeps the turn by taking none.

const { Transform } = require('stream');
const { makeError } = require('../errors');

/** A client that takes nothing for this long, while there is something to take, is taken for gone. */
const STALL_MS = 60_000;

/** Too much was written: the capture is given up. */
const tooLarge = (maxBytes) => makeError('TOO_LARGE', `The capture is larger than maxBytes, ${maxBytes} bytes, and was given up.`);
const stalled = (ms) => makeError('STALLED', `The client took nothing of the capture for ${ms / 1000} seconds, so it was given up: store it with store=1 and download it then.`);

/**
 * A stream that lets through what is written to it.
 * @param {number} maxBytes
 * @param {number} [stallMs]
 */
function metered(maxBytes, stallMs = STALL_MS) {
  let bytes = 0;
  let seen = -1;
  const stream = new Transform({
    transform(chunk, _encoding, callback) {
      bytes += chunk.length;
      if (bytes > maxBytes) callback(tooLarge(maxBytes));
      else callback(null, chunk);
    },
    destroy(error, callback) {
      clearInterval(timer);
      callback(error);
    },
  });
  // A slow source is no fault of the client: only what waits to be taken counts.
  const timer = setInterval(() => {
    if (stream.readableLength > 0 && bytes === seen) stream.destroy(stalled(stallMs));
    seen = stream.readableLength > 0 ? bytes : -1;
  }, stallMs / 2);
  timer.unref();
  return stream;
}

module.exports = { metered, tooLarge };
