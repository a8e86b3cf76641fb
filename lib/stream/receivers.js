'use strict';
// Where an export can go: a stream of Node or of userland, or a WHATWG WritableStream. What is handed over is never touched
// again: anybody may keep it.
//
// It comes from a reader (lib/stream/text): next(), nextText() and close().

const { errorMonitor } = require('events');
const { Transform } = require('stream');
const { invalidArgument } = require('../native/errors');

/** A class of readable streams that knows whether it goes to others. Few large chunks then cost the main thread less. */
const Piped = (Base) => class extends Base {
  #piped = false;

  get isPiped() {
    return this.#piped;
  }

  pipe(...args) {
    this.#piped = true;
    return super.pipe(...args);
  }
};

/** What `export()` returns: a pass-through in byte mode. `finish` comes when a consumer has drained it. */
class ExportStream extends Piped(Transform) {
  _transform(chunk, encoding, callback) {
    callback(null, chunk);
  }
}

const hasMethods = (value, ...names) => value !== null && typeof value === 'object'
  && names.every((name) => typeof value[name] === 'function');

const isNodeStream = (receiver) => hasMethods(receiver, 'write', 'end', 'on');

const isWebStream = (receiver) => hasMethods(receiver, 'getWriter');

/** Streams that do not make Buffers of strings get the strings, as from the originals; so do streams older than that. */
function takesStrings(stream) {
  const state = stream._writableState;
  if (state) return state.objectMode || state.decodeStrings === false;
  // Requests and responses of `http` have no such state, and say that they take bytes.
  return stream.writableObjectMode !== false;
}

/** What was thrown, in words. It may be anything, even something that throws. */
function wordsOf(thrown) {
  try {
    return String(thrown?.message ?? thrown);
  } catch {
    return 'something was thrown that has no words';
  }
}

/** Something went wrong with a receiver, and there is nobody else to tell. */
function warn(error) {
  process.emitWarning(`An export has failed, and nobody listens for 'error' on the stream that it went to: ${wordsOf(error)}`, {
    code: 'ERR_RS_PROFILER_RECEIVER_FAILED',
  });
}

/** How many listen for errors of a stream; undefined when it does not say. */
const listenersOf = (stream) => (typeof stream.listenerCount === 'function'
  ? stream.listenerCount('error') : stream.listeners?.('error')?.length);

/** Gives an error to the stream that we made, in a turn of its own: nobody listening, it is uncaught, as Node's are. */
function failOwn(stream, error, { endAfterError }) {
  process.nextTick(() => {
    if (!endAfterError) return stream.destroy(error);
    stream.emit('error', error);
    stream.end();
  });
}

/** Gives an error to the caller's stream, as pipeline() does: one that nobody listens for does not end the process. */
function failTheirs(stream, error, { endAfterError, broken }) {
  const heard = typeof stream.emit === 'function' && listenersOf(stream) !== 0;
  if (!heard) {
    warn(error);
    stream.on('error', () => {});
  }
  if (!endAfterError && typeof stream.destroy === 'function') return stream.destroy(error);
  if (heard) stream.emit('error', error);
  if (!broken) stream.end();
}

/**
 * Listens to a stream once for all chunks. `onGone` is called when it will take no more.
 * @returns {{ write: Function, gone: Function, leave: Function }} `write` returns a promise when the stream is full
 */
function listen(stream, onGone) {
  let gone = false;
  let full = false;
  let wake = () => {};
  const drained = () => {
    full = false;
    wake();
  };
  const left = () => {
    gone = true;
    wake();
    onGone();
  };
  // Streams that know nothing of `errorMonitor` may refuse a symbol; the error remains with their owner.
  const events = [['drain', drained], ['close', left], ['finish', left], [errorMonitor, left]];
  const leave = () => {
    const remove = stream.removeListener || stream.off;
    if (typeof remove !== 'function') return;
    for (const [event, listener] of events) {
      try {
        remove.call(stream, event, listener);
      } catch {
        // It stays, and does nothing any more.
      }
    }
  };
  try {
    for (const [event, listener] of events.slice(0, 3)) stream.on(event, listener);
  } catch (error) {
    leave();
    throw error;
  }
  try {
    stream.on(...events[3]);
  } catch {
    // As said above.
  }
  return {
    leave,
    gone: () => gone || stream.destroyed === true || stream.writableEnded === true,
    write(chunk) {
      full = true;
      if (stream.write(chunk) !== false || !full || gone) return undefined;
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
}

/** Writes what a reader reads to a Node stream and ends that. A full stream stops the reader, one that is gone closes it. */
async function pumpToNode(reader, stream, listening, { endAfterError, fail }) {
  // Whether it was the stream that threw: then it is not written to again, nor ended.
  let broken = false;
  try {
    const strings = takesStrings(stream);
    // Who reads the stream we made gets chunks of the originals' size.
    const joined = () => !strings && (stream instanceof ExportStream ? stream.isPiped : true);
    for (let chunks; !listening.gone() && (chunks = await reader.next(joined())) !== null;) {
      for (const chunk of chunks) {
        if (listening.gone()) return;
        broken = true;
        const room = listening.write(strings ? chunk.toString() : chunk);
        broken = false;
        if (room) await room;
      }
    }
    broken = true;
    if (!listening.gone()) stream.end();
  } catch (error) {
    // Of a stream that is gone, its owner has heard.
    if (!listening.gone()) fail(stream, error, { endAfterError: endAfterError && !broken, broken });
  } finally {
    reader.close();
    listening.leave();
  }
}

/** The same for a WHATWG WritableStream. Its own errors reach its owner through the stream. */
async function pumpToWeb(reader, writer) {
  try {
    // It may close or fail while it is not written to.
    const gone = () => reader.close();
    Promise.resolve(writer.closed).then(writer.closed && gone, gone);
    for (let chunks; (chunks = await reader.next()) !== null;) {
      for (const chunk of chunks) {
        await writer.ready;
        await writer.write(chunk);
      }
    }
    await writer.close();
  } catch (error) {
    await attempt(() => writer.abort(error));
  } finally {
    reader.close();
    await attempt(() => writer.releaseLock());
  }
}

/** For what can only fail again. */
async function attempt(call) {
  try {
    await call();
  } catch {
    // The first error counts.
  }
}

/** Locks a WritableStream for an export. One that somebody else has locked is refused now, where it can be caught. */
function writerOf(stream) {
  let writer;
  try {
    writer = stream.getWriter();
  } catch (error) {
    throw invalidArgument(`Pass a WritableStream that nobody else has locked; this one gives no writer: ${wordsOf(error)}`);
  }
  if (hasMethods(writer, 'write', 'close', 'abort', 'releaseLock')) return writer;
  throw invalidArgument('Pass a WritableStream; getWriter() of this one gives no writer with write, close, abort and releaseLock.');
}

function sendToWeb(open, stream) {
  const writer = writerOf(stream);
  let reader;
  try {
    reader = open();
  } catch (error) {
    writer.releaseLock();
    throw error;
  }
  pumpToWeb(reader, writer).catch(warn);
}

function sendToNode(open, stream, options) {
  if (stream.writableEnded === true) throw invalidArgument('Pass a stream that has not ended; nothing can be written to this one.');
  const reader = open();
  let listening;
  try {
    listening = listen(stream, () => reader.close());
  } catch (error) {
    reader.close();
    throw error;
  }
  pumpToNode(reader, stream, listening, options).catch(warn);
}

/**
 * Sends a text to a stream, of whatever kind. `open` is called now, if the receiver is a stream, and returns a reader.
 * With `endAfterError` a Node stream gets an `error` event and is then ended; else it is destroyed with the error.
 * @returns {object|undefined} the stream, or undefined when the receiver is none
 */
function exportToStream(receiver, open, { endAfterError = false } = {}) {
  if (!receiver) {
    const stream = new ExportStream();
    sendToNode(open, stream, { endAfterError, fail: failOwn });
    return stream;
  }
  if (isNodeStream(receiver)) sendToNode(open, receiver, { endAfterError, fail: failTheirs });
  else if (isWebStream(receiver)) sendToWeb(open, receiver);
  else return undefined;
  return receiver;
}

module.exports = { exportToStream, Piped };
