'use strict';
// A text on its way to a file or a reader, with the methods of a native export.

const fs = require('fs');
const { promisify } = require('util');
const { makeError } = require('../native/errors');

const write = promisify(fs.write);
/** Bytes that are written at once: between them an abort is seen, and progress is told. */
const CHUNK = 1 << 20;

const aborted = () => makeError('ABORTED', 'The export ended before it was complete.');

/** Writes chunks to a file and gives it its name. `wanted` says whether to go on. Resolves with the number of bytes. */
async function writeChunks(chunks, file, { wanted, onBytes }) {
  let bytes = 0;
  file.begin();
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      if (!wanted()) throw aborted();
      try {
        const { bytesWritten } = await write(file.fd, chunk, at, Math.min(CHUNK, chunk.length - at));
        at += bytesWritten;
        bytes += bytesWritten;
      } catch (error) {
        throw file.errorOf(error, 'write');
      }
      if (onBytes) onBytes(bytes);
    }
  }
  if (!wanted()) throw aborted();
  file.commit();
  return bytes;
}

/** A text that is there as a whole. */
class TextExport {
  #text;
  #counts;

  /** @param {Buffer} text @param {object} counts what `writeFile` tells beside the bytes */
  constructor(text, counts) {
    this.#text = text;
    this.#counts = counts;
  }

  async writeFile({ target, onBytes }) {
    const bytes = await writeChunks([this.#text], target, { wanted: () => this.#text !== undefined, onBytes });
    return { bytes, ...this.#counts };
  }

  close() {
    this.#text = undefined;
  }
}

module.exports = { aborted, TextExport, writeChunks };
