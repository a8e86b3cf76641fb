'use strict';
// Where an export can go: a stream of Node or of userland, a WHATWG WritableStream, or a callback.

const { Transform } = require('stream');

/** Bytes per write to a stream, as in the original packages. */
const SLICE = 51200;

/** What `export()` returns: a pass-through in byte mode. `finish` comes when a consumer has drained it. */
class ExportStream extends Transform {
  _transform(chunk, encoding, callback) {
    callback(null, chunk);
  }
}

const isNodeStream = (receiver) => receiver !== null && typeof receiver === 'object'
  && typeof receiver.write === 'function' && typeof receiver.end === 'function' && typeof receiver.on === 'function';

const isWebStream = (receiver) => receiver !== null && typeof receiver === 'object'
  && typeof receiver.getWriter === 'function';

function* slices(chunk) {
  for (let at = 0; at < chunk.length; at += SLICE) yield chunk.subarray(at, at + SLICE);
}

/** Resolves at the next `drain`; also when the stream has ended, for whoever then looks. */
function drained(stream) {
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error', 'finish'];
    const done = () => {
      for (const event of events) stream.removeListener(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}

function fail(stream, error) {
  if (typeof stream.destroy === 'function') stream.destroy(error);
  else stream.emit('error', error);
}

/** Writes chunks (an async iterable of Buffers) to a Node stream and ends it. A full stream stops the source. */
async function pumpToNode(chunks, stream) {
  let gone = false;
  const leave = () => {
    gone = true;
  };
  stream.on('close', leave);
  stream.on('error', leave);
  try {
    for await (const chunk of chunks) {
      for (const slice of slices(chunk)) {
        if (gone || stream.destroyed) return;
        if (stream.write(slice) === false) await drained(stream);
      }
    }
    if (!gone && !stream.destroyed) stream.end();
  } catch (error) {
    if (!gone) fail(stream, error);
  } finally {
    stream.removeListener('close', leave);
    stream.removeListener('error', leave);
  }
}

/** The same for a WHATWG WritableStream. Its own errors reach its owner through `writer.closed`. */
async function pumpToWeb(chunks, stream) {
  const writer = stream.getWriter();
  writer.closed.catch(() => {});
  try {
    for await (const chunk of chunks) {
      for (const slice of slices(chunk)) {
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

/**
 * Sends chunks to a stream, of whatever kind.
 * @returns {object|undefined} the stream, or undefined when the receiver is none
 */
function exportToStream(receiver, open) {
  if (!receiver) {
    const stream = new ExportStream();
    pumpToNode(open(), stream);
    return stream;
  }
  if (isNodeStream(receiver)) pumpToNode(open(), receiver);
  else if (isWebStream(receiver)) pumpToWeb(open(), receiver);
  else return undefined;
  return receiver;
}

module.exports = { ExportStream, exportToStream };
