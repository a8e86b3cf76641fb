'use strict';
// Names of files, and writing a native export into one.

const fs = require('fs');
const path = require('path');
const { threadId } = require('./clock');
const { abortError, nativeAsync, systemError } = require('./errors');
const { checkPath, throwIfAborted } = require('./options');
const { guardProgress } = require('./progress');

let sequence = 0;

const pad = (number, digits = 2) => String(number).padStart(digits, '0');

/** What tells one file from another: local date and time, pid, thread id, and a number that counts up. */
function nameFields() {
  const date = new Date();
  sequence += 1;
  return {
    date: `${date.getFullYear()}${pad(date.getMonth() + 1)}${pad(date.getDate())}`,
    time: `${pad(date.getHours())}${pad(date.getMinutes())}${pad(date.getSeconds())}`,
    pid: process.pid,
    thread: threadId(),
    seq: pad(sequence, 3),
  };
}

/** `Heap.20261123.140455.4711.0.001.heapsnapshot`, as Node names its own. */
function defaultName(prefix, extension) {
  return [prefix, ...Object.values(nameFields()), extension].join('.');
}

/** Asks a function of `fs` for `{ error, value }`. Not `fs.promises`, which takes milliseconds to load. */
function ask(name, ...args) {
  return new Promise((resolve) => {
    try {
      fs[name](...args, (error, value) => resolve({ error, value }));
    } catch (error) {
      // The permission model may forbid to look.
      resolve({ error });
    }
  });
}

/**
 * Where to write: a folder (or nothing: the current one) gets a default name. `suffix`, of a compression, is added to names
 * that do not end with it.
 */
async function resolveTarget(given, prefix, extension, suffix = '') {
  const ownName = () => defaultName(prefix, extension) + suffix;
  if (given === undefined || given === null) return checkWritable(path.resolve(ownName()));
  const target = checkPath(given);
  const { value: stats } = await ask('stat', target);
  if (/[/\\]$/.test(target) || (stats && stats.isDirectory())) return checkWritable(path.resolve(path.join(target, ownName())));
  // A device keeps its name.
  const named = target.endsWith(suffix) || (stats && !stats.isFile()) ? target : target + suffix;
  return checkWritable(path.resolve(named));
}

const ACCESS = {
  read: { verb: 'Reading', permission: 'FileSystemRead' },
  write: { verb: 'Writing', permission: 'FileSystemWrite' },
};

/**
 * Refuses what Node's permission model refuses: the addon, which reads and writes, is not held by it.
 * @param {string} target an absolute path
 * @param {'read' | 'write'} access
 */
function checkPermitted(target, access = 'write') {
  if (process.permission && !process.permission.has(`fs.${access}`, target)) {
    const { verb, permission } = ACCESS[access];
    const error = new Error(`${verb} ${target} is not allowed by Node's permission model. Use --allow-fs-${access} to allow it.`);
    throw Object.assign(error, { code: 'ERR_ACCESS_DENIED', permission, resource: target });
  }
}

/**
 * Refuses what cannot be written, before anything is recorded for it: where there is no folder for the file, and what Node's
 * permission model refuses.
 */
async function checkWritable(target) {
  checkPermitted(target);
  const { value: file = target } = await ask('realpath', target);
  const { value: stats } = await ask('stat', file);
  // What is no file, a device for one, is written as it is; a file gets its name in its folder when it is complete.
  if (stats && !stats.isFile()) return target;
  // With the dot it is an error when the folder is a file.
  const { error } = await ask('access', path.dirname(file) + path.sep + '.', fs.constants.W_OK);
  // An error of the permission model has no number: it says nothing of the folder.
  if (error && typeof error.errno === 'number') {
    const { errno, code, message } = error;
    throw systemError({ errno: -errno, code, message, syscall: 'open', path: target });
  }
  return target;
}

/**
 * Writes a native export to a file that bears its name only when complete. Frees the export.
 * @returns {Promise<{bytes: number, nodes?: number, edges?: number, samples?: number}>}
 */
async function writeExport(exported, target, { signal, onBytes } = {}) {
  const abort = () => exported.close();
  if (signal) signal.addEventListener('abort', abort, { once: true });
  const progress = guardProgress(onBytes, abort);
  try {
    throwIfAborted(signal);
    return await nativeAsync(() => exported.writeFile(target, onBytes && progress.report));
  } catch (error) {
    progress.check();
    throw signal && signal.aborted ? abortError(signal) : error;
  } finally {
    progress.end();
    if (signal) signal.removeEventListener('abort', abort);
    exported.close();
  }
}

module.exports = { checkPermitted, nameFields, resolveTarget, writeExport };
