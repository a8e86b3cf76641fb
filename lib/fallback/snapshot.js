'use strict';
// Heap snapshots by `node:v8`, with the methods of native ones: to a file, and as a text for a reader.

const fs = require('fs');
const { performance } = require('../native/clock');
const { aborted, writeChunks } = require('./export');
const { HEADER_LIMIT, countsOf } = require('../native/heap-snapshot');

/** Loaded when it is needed: with the addon it never is. */
const v8 = () => require('v8');

/** Options as Node takes them; older ones do not know them. */
const nodeOptions = ({ exposeInternals, exposeNumericValues }) => ({
  __proto__: null, exposeInternals: Boolean(exposeInternals), exposeNumericValues: Boolean(exposeNumericValues),
});

/** The text of a snapshot, taken when this is made. */
class FallbackText {
  #stream;
  #chunks = [];
  #started;
  #over = false;

  constructor(options) {
    this.#stream = v8().getHeapSnapshot(nodeOptions(options));
  }

  /** Has Node write the text, which it does in one go, and keeps it. Resolves with the milliseconds for which that held this thread. */
  start() {
    const stream = this.#stream;
    // Node's stream does not bear to be destroyed in between: who wants no more, hears no more.
    this.#stream = undefined;
    this.#started ??= new Promise((resolve, reject) => {
      let first;
      let last;
      stream.on('data', (chunk) => {
        last = performance.now();
        first ??= last;
        if (!this.#over) this.#chunks.push(chunk);
      });
      stream.on('end', () => resolve(first === undefined ? 0 : last - first));
      stream.on('error', reject);
    });
    return this.#started;
  }

  /** The first chunk, when it has started. */
  header() {
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** The next chunk, in an array; null at the end. */
  async next() {
    await this.start();
    if (this.#over) throw aborted();
    const chunk = this.#chunks.shift();
    return chunk ? [chunk] : null;
  }

  async* [Symbol.asyncIterator]() {
    for (let chunks; (chunks = await this.next()) !== null;) yield* chunks;
  }

  close() {
    this.#over = true;
    this.#stream = undefined;
    this.#chunks = [];
  }
}

/** A snapshot that is taken when it is written to a file: V8 then keeps nothing of it. */
class FallbackCapture {
  #options;
  #closed = false;

  constructor(options) {
    this.#options = options;
  }

  /** Node does not tell it. */
  takeProgress() {
    return [];
  }

  expectedBytes() {
    return 0;
  }

  async writeFile({ target, onBytes }) {
    if (this.#closed) throw aborted();
    const back = target.openToRead();
    // The counts cannot be read back, or not even the length: they are taken from the text on its way.
    if (back === undefined) return this.#writeText(target, onBytes);
    try {
      const begin = performance.now();
      this.#writeByV8(target);
      const pauseMs = performance.now() - begin;
      const header = Buffer.alloc(HEADER_LIMIT);
      fs.readSync(back, header, 0, HEADER_LIMIT, 0);
      const { size: bytes } = fs.fstatSync(back);
      if (onBytes) onBytes(bytes);
      if (this.#closed) throw aborted();
      target.commit();
      return { bytes, ...countsOf(header), pauseMs };
    } finally {
      fs.closeSync(back);
    }
  }

  #writeByV8(target) {
    const path = target.begin();
    try {
      v8().writeHeapSnapshot(path, nodeOptions(this.#options));
    } catch (error) {
      throw target.errorOf(error, 'write');
    }
  }

  async #writeText(target, onBytes) {
    const begin = performance.now();
    const text = new FallbackText(this.#options);
    const walkMs = performance.now() - begin;
    try {
      const pauseMs = walkMs + await text.start();
      const counts = countsOf(text.header());
      const bytes = await writeChunks(text, target, { wanted: () => !this.#closed, onBytes });
      return { bytes, ...counts, pauseMs };
    } finally {
      text.close();
    }
  }

  close() {
    this.#closed = true;
  }
}

/** A snapshot that was taken, for a stream. */
class FallbackSnapshot {
  #text;

  constructor(options) {
    this.#text = new FallbackText(options);
  }

  takeProgress() {
    return [];
  }

  expectedBytes() {
    return 0;
  }

  export() {
    return this.#text;
  }

  /** The text remains until it is closed. */
  delete() {}
}

module.exports = { FallbackCapture, FallbackSnapshot };
