'use strict';
// A native export (a text on its way, chunk by chunk) as a string.

const { constants } = require('buffer');
const { StringDecoder } = require('string_decoder');
const { makeError, native, nativeAsync } = require('./errors');

/** Bytes per chunk of a native export. A multiple of 51200, the chunk of the original packages. */
const CHUNK = 20 * 51200;
/**
 * Bytes per chunk where the text goes through a stream: every chunk wakes the main thread twice, and that is most of what an
 * export costs it. Two are in memory at a time.
 */
const STREAM_CHUNK = 40 * 51200;

/** The same where each chunk is with the system, and its memory given back, before the next is asked for. */
const WRITTEN_CHUNK = 2 * STREAM_CHUNK;

function tooLong(what) {
  return makeError('STRING_TOO_LONG', `The text ${what}. Use the stream form: export().pipe(fs.createWriteStream(file)), or `
    + 'writeHeapSnapshot(file).', RangeError);
}

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
      throw tooLong(`is longer than a JavaScript string can be (${this.limit} characters)`);
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
 * that may not is left to the garbage collector, and nothing here holds it. Where it may, further ones are larger.
 */
async function* chunks(exported, isWritten) {
  try {
    for (;;) {
      const chunk = await nativeAsync(() => exported.next());
      if (chunk === null) return;
      yield chunk;
      if (isWritten && await isWritten()) {
        exported.release(chunk.buffer);
        exported.setChunkSize(WRITTEN_CHUNK);
      }
    }
  } finally {
    exported.close();
  }
}

/** The whole text of a snapshot, waiting for it. One that does not fit into the heap is refused, where V8 would end the process. */
function readTextSync(exported, limit) {
  const collector = new TextCollector(limit);
  native(() => exported.raiseHeapLimit());
  for (const text of textsSync(exported)) {
    collector.append(text);
    if (exported.reachedHeapLimit()) throw tooLong("does not fit into V8's heap (--max-old-space-size)");
  }
  return collector.finish();
}

/** The whole text of an async iterable of chunks. */
async function readText(source, limit) {
  const collector = new TextCollector(limit);
  for await (const chunk of source) collector.add(chunk);
  return collector.finish();
}

module.exports = { CHUNK, STREAM_CHUNK, chunks, readText, readTextSync, textsSync };
