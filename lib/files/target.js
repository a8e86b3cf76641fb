'use strict';
// A file that is opened before there is anything to write, and writing a native export into it.

const { bytesOf, checkPermitted, chooseFile, resolve, textOf } = require('./paths');
const { abortError, native, nativeAsync } = require('../native/errors');
const { closeAtExit, forget } = require('../native/exit');
const { throwIfAborted } = require('../options/checks');
const { ONCE } = require('../options/signal');

/**
 * Opens a file, before there is anything to write. `close` gives it up and leaves nothing behind, unless it was written.
 * @param {object} environment the native environment
 * @param {string} bytes the absolute path
 */
function openFile(environment, bytes) {
  checkPermitted(bytes);
  const taken = native(() => environment.openTarget(Buffer.from(bytes, 'latin1')));
  const target = {
    path: textOf(bytes),
    native: taken,
    close() {
      taken.close();
      forget(target);
    },
    /** Opens the same file once more, after this was used up. */
    again: () => openFile(environment, bytes),
  };
  closeAtExit(target);
  return target;
}

/** Opens what the options `path` and `dir` mean. */
const openTarget = (environment, wanted, kind) => openFile(environment, chooseFile(wanted, kind));

/** Opens the file of a path that is taken as it is. */
const openNamed = (environment, name) => openFile(environment, resolve(bytesOf(name)));

/**
 * Writes a native export, or a capture, to a target. Frees both.
 * @returns {Promise<{bytes: number, nodes?: number, edges?: number, samples?: number, pauseMs?: number}>}
 */
async function writeExport(exported, target, { signal, onBytes } = {}) {
  const abort = () => exported.close();
  if (signal) signal.addEventListener('abort', abort, ONCE);
  let thrown;
  let finished = false;
  // Called by the addon from the event loop: an exception there would be uncaught, and the last call may come late.
  const report = onBytes && ((bytes) => {
    if (finished || thrown) return;
    try {
      onBytes(bytes);
    } catch (error) {
      thrown = { error };
      abort();
    }
  });
  try {
    throwIfAborted(signal);
    return await nativeAsync(() => exported.writeFile({ target: target.native, onBytes: report }));
  } catch (error) {
    if (thrown) throw thrown.error;
    throw signal && signal.aborted ? abortError(signal) : error;
  } finally {
    finished = true;
    if (signal) signal.removeEventListener('abort', abort);
    exported.close();
    target.close();
  }
}

module.exports = { openNamed, openTarget, writeExport };
