'use strict';

/** Reads JSON files that another process may still be writing. */

const fs = require('node:fs/promises');
const { constants } = require('node:buffer');
const { setTimeout: sleep } = require('node:timers/promises');

const POLL_MS = 100;

/** The size of a file, 0 when it does not exist yet. */
async function sizeOf(file) {
  try {
    return (await fs.stat(file)).size;
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * Waits until the file holds one whole JSON value and returns it with the file's size. Being whole is judged by the
 * text alone: the size rests and the text parses. An aborted `signal` ends the wait.
 */
async function readComplete(file, timeoutMs, signal) {
  const deadline = Date.now() + timeoutMs;
  let last = 0;
  let reason = 'it does not exist or is empty';
  for (;;) {
    const bytes = await sizeOf(file);
    if (bytes > constants.MAX_STRING_LENGTH) throw new Error(`${file} is too large for JSON.parse`);
    if (bytes > 0 && bytes === last) {
      try {
        return { bytes, value: JSON.parse(await fs.readFile(file, 'utf8')) };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        reason = error.message;
      }
    }
    if (Date.now() > deadline) throw new Error(`${file} was not complete within ${timeoutMs / 1000} s: ${reason}`);
    last = bytes;
    await sleep(POLL_MS, undefined, { signal });
  }
}

module.exports = { readComplete };
