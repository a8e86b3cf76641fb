'use strict';
// Which file is meant: paths, folders, default names, and what Node's permission model says of them.

const fs = require('fs');
const path = require('path');
const { accessDenied, invalidArgument, ownError, systemError } = require('../native/errors');
const { isPermitted } = require('../native/permission');
const { threadId } = require('../native/thread');
const { checkPath } = require('../options/checks');

/** What files of a kind are called. */
const KINDS = {
  cpu: { prefix: 'CPU', extension: 'cpuprofile' },
  sampling: { prefix: 'Heap', extension: 'heapprofile' },
  snapshot: { prefix: 'Heap', extension: 'heapsnapshot' },
};
/** Bytes of the longest name that file systems take. */
const NAME_LIMIT = 255;

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
function defaultName({ prefix, extension }) {
  return [prefix, ...Object.values(nameFields()), extension].join('.');
}

/**
 * Paths are handled as texts in which each character is a byte: so a name that is not UTF-8 stays what it is, and `path`,
 * which looks at separators and dots only, works all the same.
 */
const bytesOf = (given) => Buffer.from(given).toString('latin1');

/** The same as a string for people and for Node. What is not UTF-8 is not the same afterwards. */
const textOf = (bytes) => Buffer.from(bytes, 'latin1').toString();

/** For functions of `fs`: a string where it can be one, because the permission model takes no Buffer. */
const forFs = (bytes) => (bytesOf(textOf(bytes)) === bytes ? textOf(bytes) : Buffer.from(bytes, 'latin1'));

/** An absolute path. In a folder that was deleted a relative one is an error of the system. */
function resolve(bytes) {
  if (path.isAbsolute(bytes)) return path.resolve(bytes);
  let folder;
  try {
    folder = process.cwd();
  } catch (error) {
    throw ownError(error);
  }
  return path.resolve(bytesOf(folder), bytes);
}

/** What lies at a path, if it can be looked at: the permission model may forbid that. */
function look(method, bytes) {
  try {
    return fs[method](forFs(bytes), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

const endsAsFolder = (bytes) => bytes.endsWith('/') || bytes.endsWith(path.sep);

/** `name.cpuprofile` for a name without extension. A link or a device that exists has the name that it has. */
function withExtension(bytes, { extension }) {
  if (path.extname(bytes) !== '') return bytes;
  const found = look('lstatSync', bytes);
  const named = `${bytes}.${extension}`;
  return (found && !found.isFile()) || path.basename(named).length > NAME_LIMIT ? bytes : named;
}

/** Refuses what Node's permission model refuses: the addon, which reads and writes, is not held by it. */
function checkPermitted(bytes, access = 'write') {
  const resource = textOf(bytes);
  if (!isPermitted(`fs.${access}`, resource)) throw accessDenied(access, resource);
}

/** Makes a folder that is missing, for its owner alone. */
function makeFolder(bytes) {
  checkPermitted(path.join(bytes, 'file'));
  try {
    fs.mkdirSync(forFs(bytes), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw ownError(error);
  }
}

/** The absolute path, as bytes, of the file that is meant. */
function chooseFile({ path: given, dir }, kind) {
  if (dir !== undefined && dir !== null) {
    if (given !== undefined && given !== null) throw invalidArgument('Give path or dir, not both: dir is for default names.');
    const folder = resolve(bytesOf(checkPath(dir, 'dir')));
    makeFolder(folder);
    return path.join(folder, defaultName(kind));
  }
  if (given === undefined || given === null) return resolve(defaultName(kind));
  const bytes = bytesOf(checkPath(given));
  if (bytes === '') throw systemError({ code: 'ENOENT', errno: 2, syscall: 'open', path: '' });
  const absolute = resolve(bytes);
  const found = look('statSync', absolute);
  if (endsAsFolder(bytes) || (found && found.isDirectory())) return path.join(absolute, defaultName(kind));
  return withExtension(absolute, kind);
}

/** The absolute path, as bytes, of a file that is to be read. */
function readablePath(given) {
  const bytes = bytesOf(checkPath(given));
  if (bytes === '') throw systemError({ code: 'ENOENT', errno: 2, syscall: 'open', path: '' });
  const absolute = resolve(bytes);
  checkPermitted(absolute, 'read');
  return absolute;
}

/**
 * The absolute path of a file that belongs to another one: `name` beside that, or in the folder or at the place that is given. It is
 * read, and may be written.
 */
function placeBeside(file, name, given) {
  let place = path.join(path.dirname(file), name);
  if (given !== undefined) {
    const bytes = bytesOf(checkPath(given, 'index'));
    if (bytes === '') throw systemError({ code: 'ENOENT', errno: 2, syscall: 'open', path: '' });
    place = resolve(bytes);
    const found = look('statSync', place);
    if (endsAsFolder(bytes) || (found && found.isDirectory())) place = path.join(place, name);
  }
  checkPermitted(place, 'read');
  checkPermitted(place);
  return place;
}

/** Refuses a folder in which nothing can be made. Returns its absolute path. */
function checkFolder(dir) {
  const bytes = resolve(bytesOf(dir));
  checkPermitted(path.join(bytes, 'file'));
  try {
    // With the dot it is an error when it is a file.
    fs.accessSync(forFs(path.join(bytes, path.sep) + '.'), fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    // The permission model may allow to write there and not to look.
    if (error.errno) throw systemError({ ...ownError(error), errno: -error.errno, syscall: 'access', path: textOf(bytes) });
  }
  return textOf(bytes);
}

module.exports = {
  bytesOf,
  checkFolder,
  checkPermitted,
  chooseFile,
  forFs,
  KINDS,
  nameFields,
  placeBeside,
  readablePath,
  resolve,
  textOf,
};
