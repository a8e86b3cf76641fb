'use strict';
// A native export (a text on its way, chunk by chunk) as a string.

const { constants } = require('buffer');
const { StringDecoder } = require('string_decoder');
const { makeError, native, nativeAsync } = require('./errors');

/** Bytes per chunk of a native export. A multiple of 51200, the chunk of the original packages. */
const CHUNK = 20 * 51200;

/** Collects chunks into one string and refuses more than V8 can hold. */
class TextCollector {
  constructor(limit = constants.MAX_STRING_LENGTH) {
    this.limit = limit;
    this.decoder = new StringDecoder('utf8');
    this.text = '';
  }

  add(chunk) {
    this.append(this.decoder.write(chunk));
  }

  append(part) {
    if (this.text.length + part.length > this.limit) {
      throw makeError('STRING_TOO_LONG', `The text is longer than a JavaScript string can be (${this.limit} characters). `
        + 'Use the stream form: export().pipe(fs.createWriteStream(file)), or writeHeapSnapshot(file).', RangeError);
    }
    this.text += part;
  }

  finish() {
    return this.text + this.decoder.end();
  }
}

/** The chunks of a snapshot's text, as strings, waiting for each. Stops and frees the export when the consumer does. */
function* textsSync(exported) {
  try {
    for (;;) {
      const text = native(() => exported.nextTextSync());
      if (text === null) return;
      yield text;
    }
  } finally {
    exported.close();
  }
}

/**
 * The chunks of an export, as Buffers, without blocking. `isWritten` tells whether the chunk given last may be freed; one
 * that may not is left to the garbage collector, and nothing here holds it.
 */
async function* chunks(exported, isWritten) {
  try {
    for (;;) {
      const chunk = await nativeAsync(() => exported.next());
      if (chunk === null) return;
      yield chunk;
      if (isWritten && await isWritten()) exported.release(chunk.buffer);
    }
  } finally {
    exported.close();
  }
}

/** The whole text of a snapshot, waiting for it. */
function readTextSync(exported, limit) {
  const collector = new TextCollector(limit);
  for (const text of textsSync(exported)) collector.append(text);
  return collector.finish();
}

/** The whole text of an async iterable of chunks. */
async function readText(source, limit) {
  const collector = new TextCollector(limit);
  for await (const chunk of source) collector.add(chunk);
  return collector.finish();
}

module.exports = { CHUNK, chunks, readText, readTextSync, textsSync };
