'use strict';
// `export` of CPU and sampling heap profiles, and the reader of a text that is there already.

const { exportToStream } = require('../stream/receivers');
const { readTextSync } = require('../stream/text');
const { badReceiver } = require('../native/errors');

/** A reader, as in lib/stream/text, of the text that `make` makes now. What that throws is the error of reading it. */
function wholeText(make) {
  const left = [];
  let error;
  try {
    const text = make();
    if (text !== undefined) left.push(text);
  } catch (caught) {
    error = { caught };
  }
  const nextText = () => {
    if (error) throw error.caught;
    return left.pop() ?? null;
  };
  return {
    nextText,
    async next() {
      const text = nextText();
      if (text === null) return null;
      // Not Buffer.from(text): a short one would be a part of memory that it shares with others.
      const chunk = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
      chunk.write(text);
      return [chunk];
    },
    close() {
      left.length = 0;
    },
  };
}

/** The reader for a profile whose properties were read or changed: they are what is exported. */
const stringified = (profile) => wholeText(() => JSON.stringify(profile));

/** Delivers a text to a callback in the next tick, as the originals do; what the callback throws is uncaught there. */
function toCallback(reader, callback) {
  process.nextTick(() => {
    let result;
    try {
      result = [undefined, readTextSync(reader)];
    } catch (error) {
      result = [error];
    }
    callback(...result);
  });
}

/** `export(dataReceiver)` of a CPU or sampling heap profile. `open` makes the reader, now. */
function exportProfile(dataReceiver, open) {
  if (typeof dataReceiver === 'function') {
    toCallback(open(), dataReceiver);
    return undefined;
  }
  const stream = exportToStream(dataReceiver, open, { endAfterError: true });
  if (!stream) {
    process.nextTick(() => {
      throw badReceiver(dataReceiver);
    });
  }
  return stream;
}

module.exports = { exportProfile, stringified, wholeText };
