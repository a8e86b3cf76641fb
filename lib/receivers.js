'use strict';
// Where an export can go: a stream of Node or of userland, a WHATWG WritableStream, or a callback.

const { errorMonitor } = require('events');
const fs = require('fs');
const { Transform } = require('stream');

/** Bytes per chunk that a reader of an ExportStream gets, as in the original packages. */
const SLICE = 51200;

/** A stream that hands what is written to the system, and no reference to it to anybody else. */
function isEndpoint(stream) {
  if (stream instanceof fs.WriteStream) return true;
  // `http` is loaded when there is a response.
  return stream.constructor?.name === 'ServerResponse' && stream instanceof require('http').ServerResponse;
}

/** A class of readable streams that knows where it is piped to. */
const Piped = (Base) => class extends Base {
  #pipes = [];

  get isPiped() {
    return this.#pipes.length > 0;
  }

  /** The file or response that everything goes to, and nothing but that. */
  get endpoint() {
    const [endpoint, ...others] = this.#pipes;
    const alone = others.length === 0 && endpoint && this.listenerCount('data') === 1 && this.readableLength === 0;
    return alone && isEndpoint(endpoint) ? endpoint : undefined;
  }

  pipe(destination, ...args) {
    this.#pipes.push(destination);
    return super.pipe(destination, ...args);
  }
};

/** What `export()` returns: a pass-through in byte mode. `finish` comes when a consumer has drained it. */
class ExportStream extends Piped(Transform) {
  /** Nobody sees the size of what goes to a pipe, and few large chunks cost the main thread less. */
  get chunkSize() {
    return this.isPiped ? Infinity : SLICE;
  }

  _transform(chunk, encoding, callback) {
    callback(null, chunk);
  }
}

const isNodeStream = (receiver) => receiver !== null && typeof receiver === 'object'
  && typeof receiver.write === 'function' && typeof receiver.end === 'function' && typeof receiver.on === 'function';

const isWebStream = (receiver) => receiver !== null && typeof receiver === 'object'
  && typeof receiver.getWriter === 'function';

function* slices(chunk, size) {
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
}

/** Resolves at the next `drain`; also when the stream has ended, for whoever then looks. Errors stay the owner's. */
function drained(stream) {
  return new Promise((resolve) => {
    const events = ['drain', 'close', errorMonitor, 'finish'];
    const done = () => {
      for (const event of events) stream.removeListener(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

function fail(stream, error, endAfterError) {
  if (!endAfterError && typeof stream.destroy === 'function') {
    stream.destroy(error);
    return;
  }
  stream.emit('error', error);
  stream.end();
}

/**
 * Whether what was given to a stream is with the system and nobody can look at it any more. Waits for that.
 * Then the chunks' memory can be given back at once; left to the garbage collector it would make V8 collect the heap again
 * and again, and that is what an export costs the main thread.
 */
async function isWritten(stream) {
  const endpoint = () => ('endpoint' in stream ? stream.endpoint : isEndpoint(stream) && stream);
  if (endpoint() && endpoint().writableNeedDrain) await drained(endpoint());
  return Boolean(endpoint()) && endpoint().writableLength === 0 && !stream.writableLength;
}

/** Writes what a source makes to a Node stream and ends it. A full stream stops the source. */
async function pumpToNode(source, stream, { endAfterError } = {}) {
  let gone = false;
  const leave = () => {
    gone = true;
  };
  stream.on('close', leave);
  stream.on(errorMonitor, leave);
  try {
    for await (const chunk of source(() => isWritten(stream))) {
      for (const slice of slices(chunk, stream instanceof ExportStream ? stream.chunkSize : Infinity)) {
        if (gone || stream.destroyed) return;
        if (stream.write(slice) === false) await drained(stream);
      }
    }
    if (!gone && !stream.destroyed) stream.end();
  } catch (error) {
    if (!gone) fail(stream, error, endAfterError);
  } finally {
    stream.removeListener('close', leave);
    stream.removeListener(errorMonitor, leave);
  }
}

/** The same for a WHATWG WritableStream. Its own errors reach its owner through `writer.closed`. */
async function pumpToWeb(source, stream) {
  const writer = stream.getWriter();
  writer.closed.catch(() => {});
  try {
    for await (const chunk of source()) {
      await writer.ready;
      await writer.write(chunk);
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
  } finally {
    writer.releaseLock();
  }
}

/**
 * Sends chunks to a stream, of whatever kind. `open` is called now, if the receiver is a stream, and returns the source: a
 * function that makes the chunks, an async iterable of Buffers. The source may be given a function that tells, later,
 * whether the chunks so far are not needed any more. With `endAfterError` a Node stream gets an `error` event and is then ended;
 * else it is destroyed with the error.
 * @returns {object|undefined} the stream, or undefined when the receiver is none
 */
function exportToStream(receiver, open, options) {
  if (!receiver) {
    const stream = new ExportStream();
    pumpToNode(open(), stream, options);
    return stream;
  }
  if (isNodeStream(receiver)) pumpToNode(open(), receiver, options);
  else if (isWebStream(receiver)) pumpToWeb(open(), receiver);
  else return undefined;
  return receiver;
}

module.exports = { Piped, exportToStream, isWritten };
