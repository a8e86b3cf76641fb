'use strict';
// Names of files, and writing a native export into one.

const fs = require('fs');
const path = require('path');
const { threadId } = require('./thread');
const { abortError, nativeAsync } = require('./errors');
const { checkPath, throwIfAborted } = require('./options');

let sequence = 0;

const pad = (number, digits = 2) => String(number).padStart(digits, '0');

/** What tells one file from another: local date and time, pid, thread id, and a number that counts up. */
function nameFields() {
  const now = new Date();
  sequence += 1;
  return {
    date: `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`,
    time: `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`,
    pid: process.pid,
    thread: threadId,
    seq: pad(sequence, 3),
  };
}

/** `Heap.20261123.140455.4711.0.001.heapsnapshot`, as Node names its own. */
function defaultName(prefix, extension) {
  return [prefix, ...Object.values(nameFields()), extension].join('.');
}

/** Where to write: a folder (or nothing: the current one) gets a default name. */
async function resolveTarget(given, prefix, extension) {
  if (given === undefined || given === null) return path.resolve(defaultName(prefix, extension));
  const target = checkPath(given);
  const isFolder = /[/\\]$/.test(target)
    || await fs.promises.stat(target).then((stats) => stats.isDirectory(), () => false);
  return path.resolve(isFolder ? path.join(target, defaultName(prefix, extension)) : target);
}

/**
 * Writes a native export to a file that bears its name only when complete. Frees the export.
 * @returns {Promise<{bytes: number, nodes?: number, edges?: number, samples?: number}>}
 */
async function writeExport(exported, target, { signal, onBytes } = {}) {
  const abort = () => exported.close();
  if (signal) signal.addEventListener('abort', abort, { once: true });
  let thrown;
  let finished = false;
  // Called by the addon from the event loop: an exception there would be uncaught, and the last call may come late.
  const report = onBytes && ((bytes) => {
    if (finished) return;
    try {
      onBytes(bytes);
    } catch (error) {
      thrown = { error };
      abort();
    }
  });
  try {
    throwIfAborted(signal);
    return await nativeAsync(() => exported.writeFile(target, report));
  } catch (error) {
    if (thrown) throw thrown.error;
    throw signal && signal.aborted ? abortError(signal) : error;
  } finally {
    finished = true;
    if (signal) signal.removeEventListener('abort', abort);
    exported.close();
  }
}

module.exports = { nameFields, resolveTarget, writeExport };
