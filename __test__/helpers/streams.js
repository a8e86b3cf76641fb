'use strict';

/**
 * Receivers for the export tests.
 */

const { EventEmitter, once } = require('node:events');

/** Everything a core Readable gives, as text. */
async function textOf(readable) {
  const chunks = [];
  for await (const chunk of readable) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The chunks a core Readable gives, untouched. */
async function chunksOf(readable) {
  const chunks = [];
  readable.on('data', (chunk) => chunks.push(chunk));
  await once(readable, 'end');
  return chunks;
}

/**
 * A stream that does not inherit from core streams, as readable-stream 4 and older userland streams do not.
 * It asks the writer to wait after every `every`-th chunk.
 */
class UserlandStream extends EventEmitter {
  constructor({ every = 3 } = {}) {
    super();
    this.chunks = [];
    this.every = every;
    this.waiting = false;
    this.writesWhileWaiting = 0;
    this.ended = false;
  }

  write(chunk) {
    if (this.waiting) this.writesWhileWaiting++;
    this.chunks.push(Buffer.from(chunk));
    if (this.chunks.length % this.every !== 0) return true;
    this.waiting = true;
    setTimeout(() => {
      this.waiting = false;
      this.emit('drain');
    }, 1);
    return false;
  }

  end(chunk) {
    if (chunk) this.chunks.push(Buffer.from(chunk));
    this.ended = true;
    setImmediate(() => this.emit('finish'));
  }

  get text() {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

module.exports = { textOf, chunksOf, UserlandStream };
