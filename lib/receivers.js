'use strict';
// Where an export can go: a stream of Node or of userland, a WHATWG WritableStream, or a callback.
//
// It comes from a source: the whole text as a Buffer, or a function that makes the chunks, an async iterable of Buffers.

const { errorMonitor } = require('events');
const fs = require('fs');
const { Transform } = require('stream');
const { invalidArgument } = require('./errors');

/** Bytes per chunk that a reader of an ExportStream gets, as in the original packages. */
const SLICE = 51200;
/** Bytes per chunk that another stream is given at a time. */
const LARGE_SLICE = 20 * SLICE;

// Node loads the classes of file streams and of `http` when somebody first asks for them: not here, while there are none.
const isFile = (stream) => stream.constructor?.name === 'WriteStream' && stream instanceof fs.WriteStream;
const isResponse = (stream) => stream.constructor?.name === 'ServerResponse' && stream instanceof require('http').ServerResponse;

/** What a file stream or a response is an instance of; null for others. */
const classes = new WeakMap();

function classOf(stream) {
  let found = classes.get(stream);
  if (found === undefined) {
    found = isFile(stream) ? fs.WriteStream : (isResponse(stream) && require('http').ServerResponse) || null;
    classes.set(stream, found);
  }
  return found;
}

/**
 * A stream that hands what is written to the system, and no reference to it to anybody else. It has to write as its class does:
 * middleware replaces `write` of responses, and may keep what it gets.
 */
function isEndpoint(stream) {
  const made = classOf(stream);
  if (made === null) return false;
  const { prototype } = made;
  return stream.write === prototype.write && stream._write === prototype._write && stream._writev === prototype._writev
    && stream._send === prototype._send;
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

  pipe(destination, options) {
    this.#pipes.push(destination);
    if (options || this.readableEnded || !isFile(destination)) return super.pipe(destination, options);
    // Before it ends a destination, Node looks whether that is process.stdout or stderr, and makes those two if nobody has
    // used them: some 3 ms. A file is neither, so it is ended here.
    const end = () => destination.end();
    const unpiped = (source) => {
      if (source !== this) return;
      this.removeListener('end', end);
      destination.removeListener('unpipe', unpiped);
    };
    this.on('end', end);
    destination.on('unpipe', unpiped);
    return super.pipe(destination, { end: false });
  }
};

/** What `export()` returns: a pass-through in byte mode. `finish` comes when a consumer has drained it. */
class ExportStream extends Piped(Transform) {
  /** Nobody sees the size of what goes to a pipe, and few large chunks cost the main thread less. */
  get sliceSize() {
    if (this.endpoint) return Infinity;
    return this.isPiped ? LARGE_SLICE : SLICE;
  }

  _transform(chunk, encoding, callback) {
    callback(null, chunk);
  }
}

// Node compiles its constructors when the first stream is made: now, with the rest, rather than in the first capture.
new ExportStream();

const hasMethods = (value, names) => value !== null && typeof value === 'object'
  && names.every((name) => typeof value[name] === 'function');

const isNodeStream = (receiver) => hasMethods(receiver, ['write', 'end', 'on', 'removeListener', 'emit']);

const isWebStream = (receiver) => hasMethods(receiver, ['getWriter']);

/** Locks a WritableStream for an export. One that somebody else has locked is refused now, not in a rejection nobody sees. */
function writerOf(stream) {
  let writer;
  try {
    writer = stream.getWriter();
  } catch (error) {
    throw invalidArgument(`Nothing can be exported to this WritableStream: ${error && error.message}. Pass one without a writer.`);
  }
  if (!hasMethods(writer, ['write', 'close', 'abort', 'releaseLock'])) throw invalidArgument('dataReceiver is not a function');
  return writer;
}

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
  const find = () => ('endpoint' in stream ? stream.endpoint : isEndpoint(stream) && stream);
  let endpoint = find();
  if (endpoint && endpoint.writableNeedDrain) {
    await drained(endpoint);
    endpoint = find();
  }
  return Boolean(endpoint) && endpoint.writableLength === 0 && !stream.writableLength;
}

/** What a source makes: the one Buffer that it is, or the chunks of a function. */
const chunksOf = (source, isWritten) => (Buffer.isBuffer(source) ? [source] : source(isWritten));

/** How much of a chunk a stream is given at a time. */
function sliceSizeOf(stream) {
  if (stream instanceof ExportStream) return stream.sliceSize;
  return isEndpoint(stream) ? Infinity : LARGE_SLICE;
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
    for await (const chunk of chunksOf(source, () => isWritten(stream))) {
      for (const slice of slices(chunk, sliceSizeOf(stream))) {
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

/** A text that is there already is handed over whole, as the originals do. */
function toNode(source, stream, options) {
  if (!Buffer.isBuffer(source)) pumpToNode(source, stream, options);
  else process.nextTick(() => stream.end(source));
}

/** The same for a WHATWG WritableStream. Its own errors reach its owner through `writer.closed`. */
async function pumpToWeb(source, writer) {
  try {
    writer.closed?.catch?.(() => {});
    for await (const chunk of chunksOf(source)) {
      for (const slice of slices(chunk, LARGE_SLICE)) {
        await writer.ready;
        await writer.write(slice);
      }
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => {});
  } finally {
    writer.releaseLock();
  }
}

function sendToWeb(open, stream) {
  const writer = writerOf(stream);
  let source;
  try {
    source = open();
  } catch (error) {
    writer.releaseLock();
    throw error;
  }
  pumpToWeb(source, writer);
}

/**
 * Sends a text to a stream, of whatever kind. `open` is called now, if the receiver is a stream, and returns the source: the
 * whole text as a Buffer, or a function that makes the chunks, an async iterable of Buffers. The function may be given one that
 * tells, later, whether the chunks so far are not needed any more. With `endAfterError` a Node stream gets an `error` event and is then ended;
 * else it is destroyed with the error.
 * @returns {object|undefined} the stream, or undefined when the receiver is none
 */
function exportToStream(receiver, open, options) {
  if (!receiver) {
    const stream = new ExportStream();
    toNode(open(), stream, options);
    return stream;
  }
  if (isNodeStream(receiver)) toNode(open(), receiver, options);
  else if (isWebStream(receiver)) sendToWeb(open, receiver);
  else return undefined;
  return receiver;
}

/** The source for a profile whose properties were read or changed: they are what is exported. */
function stringified(profile) {
  try {
    return Buffer.from(JSON.stringify(profile));
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Delivers a source's text to a callback, later; what the callback throws is the caller's uncaught exception. */
async function toCallback(source, callback) {
  let result;
  try {
    const { readText } = require('./text');
    // Nobody looks at a chunk once it is in the text.
    result = [undefined, await readText(chunksOf(source, () => true))];
  } catch (error) {
    result = [error];
  }
  process.nextTick(callback, ...result);
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
      throw invalidArgument('dataReceiver is not a function');
    });
  }
  return stream;
}

module.exports = { Piped, exportProfile, exportToStream, isWritten, stringified };
