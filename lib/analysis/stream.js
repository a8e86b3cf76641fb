'use strict';
// A snapshot that comes from a stream: handed to the addon piece by piece, no faster than it is read there.

const { runTask } = require('./task');
const { getAddon } = require('../native/environment');
const { abortError, invalidArgument, native, nativeAsync } = require('../native/errors');

/** What can be read piece by piece: a Readable, a web stream, an async generator. */
const isStream = (input) => input !== null && typeof input === 'object' && typeof input[Symbol.asyncIterator] === 'function';

const isHalf = (unit) => unit >= 0xd800 && unit < 0xdc00;

/** Makes pieces, as the addon takes them, of chunks. Where a string ends within a character, its half waits for the other one. */
function pieces() {
  let half = '';
  return (chunk) => {
    const before = half;
    half = '';
    if (typeof chunk === 'string') {
      const text = before + chunk;
      if (!isHalf(text.charCodeAt(text.length - 1))) return Buffer.from(text);
      half = text.slice(-1);
      return Buffer.from(text.slice(0, -1));
    }
    if (!ArrayBuffer.isView(chunk)) {
      throw invalidArgument('The stream must give Buffers, Uint8Arrays or strings: the text of a heap snapshot, compressed or not.');
    }
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    return before === '' ? bytes : Buffer.concat([Buffer.from(before), bytes]);
  };
}

/** Ends a stream that nobody reads any more. It is the caller's, and so is what becomes of it. */
function giveUp(iterator, stream) {
  try {
    Promise.resolve(iterator.return?.()).catch(() => {});
    // What waits for its next chunk hears of `return` only when that has come.
    if (typeof stream.destroy === 'function') stream.destroy();
  } catch {
    // What is being told failed for another reason.
  }
}

/** Hands over what comes, until nobody takes it. Returns whether that was all. */
async function pour(iterator, feed, stopped) {
  const pieceOf = pieces();
  for (;;) {
    const next = await Promise.race([iterator.next(), stopped]);
    if (!next) throw abortError();
    if (next.done) return true;
    let room = feed.push(pieceOf(next.value));
    while (room === 'full') {
      await feed.room();
      room = feed.push(Buffer.alloc(0));
    }
    if (room === 'over') return false;
  }
}

/**
 * Opens what comes out of a stream, or sums it up. What the stream fails with is what this rejects with.
 * @param {{ partial: boolean, summarize: boolean }} how
 * @returns {Promise<object | string>} the addon's analysis, or the JSON of the sums
 */
function readStream(stream, how, options) {
  return runTask(options, async (task, stopped) => {
    const iterator = stream[Symbol.asyncIterator]();
    const feed = native(() => new (getAddon().NativeHeapFeed)({ ...how, task }));
    let whole = false;
    try {
      whole = await pour(iterator, feed, stopped);
    } finally {
      feed.end(whole);
      if (!whole) giveUp(iterator, stream);
    }
    return nativeAsync(() => feed.come(task));
  });
}

module.exports = { isStream, readStream };
