'use strict';
// Readers of a text that is on its way from the addon, chunk by chunk. No chunk ends inside a character.
//
// A reader has `next(joined)`, a promise of an array of Buffers (of one, when they are to be joined) or of null at the end;
// `nextText()`, a string or null at the end; and `close()`, which stops the text, frees what it is made from, and can be repeated.

const { constants } = require('buffer');
const { makeError, native, nativeAsync } = require('../native/errors');

/** Bytes per chunk for a reader in JavaScript, as in the original packages. */
const STREAM_CHUNK = 51200;
/** Bytes per chunk of a text that Rust writes to a file. */
const CHUNK = 20 * STREAM_CHUNK;

/** The reader of a native export. */
function readerOf(exported) {
  return {
    async next(joined) {
      const chunks = await nativeAsync(() => exported.next(Boolean(joined)));
      return chunks && chunks.map((memory) => Buffer.from(memory));
    },
    nextText: () => native(() => exported.nextTextSync()),
    close: () => exported.close(),
  };
}

/** The strings of a reader, waiting for each. Closes the reader when the consumer stops. */
function* textsSync(reader) {
  try {
    for (let text; (text = reader.nextText()) !== null;) yield text;
  } finally {
    reader.close();
  }
}

/** The whole text of a reader, waiting for it. Refuses more than V8 can hold in a string. */
function readTextSync(reader, limit = constants.MAX_STRING_LENGTH) {
  let whole = '';
  for (const text of textsSync(reader)) {
    if (whole.length + text.length > limit) {
      throw makeError('STRING_TOO_LONG', `The text is longer than a JavaScript string can be (${limit} characters). `
        + 'Use the stream form: export().pipe(fs.createWriteStream(file)), or writeHeapSnapshot(file).', RangeError);
    }
    whole += text;
  }
  return whole;
}

module.exports = { CHUNK, readerOf, readTextSync, STREAM_CHUNK, textsSync };
