'use strict';
// Sources: functions that make the chunks of a text, an async iterable of Buffers, for `exportToStream` and
// `exportProfile`.

const { exportToStream } = require('./receivers');
const { readText } = require('./text');
const { badReceiver } = require('./errors');

/** The source of a text that is there already. */
function oneChunk(buffer) {
  return async function* once() {
    yield buffer;
  };
}

/** The source for a profile whose properties were read or changed: they are what is exported. */
function stringified(profile) {
  let text;
  let error;
  try {
    text = JSON.stringify(profile);
  } catch (caught) {
    error = caught;
  }
  return async function* once() {
    if (error) throw error;
    yield Buffer.from(text);
  };
}

/** Delivers a source's text to a callback, later; what the callback throws is the caller's uncaught exception. */
function toCallback(source, callback) {
  const deliver = (...args) => process.nextTick(callback, ...args);
  // Nobody looks at a chunk once it is in the text.
  readText(source(() => true)).then((text) => deliver(undefined, text), (error) => deliver(error));
}

/** `export(dataReceiver)` of a CPU or sampling heap profile. `open` makes the source, now. */
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

module.exports = { exportProfile, oneChunk, stringified };
