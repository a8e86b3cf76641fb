'use strict';
// A file that is opened before there is anything to write, and writing a native export into it.

const { bytesOf, checkPermitted, chooseFile, resolve, textOf } = require('./paths');
const { native, nativeAsync } = require('../native/errors');
const { closeAtExit, forget } = require('../native/exit');
const { whileWanted } = require('../options/wanted');

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
  try {
    return await whileWanted(signal, () => exported.close(), (guard) => (
      nativeAsync(() => exported.writeFile({ target: target.native, onBytes: onBytes && guard(onBytes) }))
    ));
  } finally {
    exported.close();
    target.close();
  }
}

module.exports = { openNamed, openTarget, writeExport };
