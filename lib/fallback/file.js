'use strict';
// A file that bears its name only when it is complete, as src/sink/file does it, where there is no addon: a temporary file beside
// it, mode 0600, is renamed at the end and removed when anything goes wrong before. Where no rename can be (a device, a file that
// is mounted, a folder that takes no new file), the file itself is written, and emptied or removed when anything goes wrong.

const fs = require('fs');
const { follow, mustBeWritten, temporaryName } = require('./names');
const { bytesOf, forFs, textOf } = require('../files/paths');
const { invalidArgument, makeError, ownError, systemError } = require('../native/errors');

const { O_CREAT, O_EXCL, O_WRONLY } = fs.constants;
/** Temporary names that are tried. One is enough as a rule. */
const MOST_NAMES = 100;
/** Failures to make a file that may be of the folder alone, and failures to rename that leave the way of copying. */
const OF_FOLDER = ['EACCES', 'EPERM', 'EROFS', 'ENAMETOOLONG', 'ERR_ACCESS_DENIED'];
const OF_RENAME = ['EACCES', 'EPERM', 'EBUSY', 'EXDEV', 'ERR_ACCESS_DENIED'];

/** The files that this thread writes directly: two writers would mix their texts. */
const claimed = new Set();

/** Opens for writing; what is made is for its owner alone. */
const open = (bytes, flags = 0) => fs.openSync(forFs(bytes), O_WRONLY | flags, 0o600);

/** For what can only fail again. */
function attempt(call) {
  try {
    call();
  } catch {
    // The error that led here is being reported.
  }
}

/** Creates a file under a name that nobody has: other writers' files, dead ones' too, are let be. */
function createTemporary(file) {
  for (let tries = 1; ; tries += 1) {
    const temporary = temporaryName(file);
    try {
      return { fd: open(temporary, O_CREAT | O_EXCL), written: temporary, file, renames: true };
    } catch (error) {
      if (error.code !== 'EEXIST' || tries === MOST_NAMES) throw error;
    }
  }
}

/** Opens the file itself, as it is, or makes it. */
function openDirect(file) {
  if (claimed.has(file)) throw Object.assign(new Error(), { code: 'EBUSY', errno: -16 });
  let place;
  try {
    place = { fd: open(file, O_CREAT | O_EXCL), created: true };
  } catch {
    // Where nothing can be made, a file that exists may still be opened.
    place = { fd: open(file), created: false };
  }
  claimed.add(file);
  return { ...place, written: file, file, claimed: true };
}

/** Opens what is neither file nor folder. Not a pipe: opening one waits for its reader, and a host must not wait. */
function openDevice(bytes, found) {
  if (!found.isCharacterDevice()) {
    throw invalidArgument(`${textOf(bytes)} is neither a file nor a folder. To write to a pipe or socket, use a stream: export() or `
      + 'createHeapSnapshotStream().');
  }
  return { fd: open(bytes), written: bytes, isDevice: true };
}

/** Finds out how a path can be written, and opens it. */
function openPlace(bytes) {
  const found = fs.statSync(forFs(bytes), { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR', errno: -21 });
  if (found && !found.isFile()) return openDevice(bytes, found);
  const file = follow(bytes);
  if (found && mustBeWritten(file, found)) return openDirect(file);
  try {
    return createTemporary(file);
  } catch (error) {
    if (!OF_FOLDER.includes(error.code)) throw error;
    // The folder may be closed and the file in it open.
    try {
      return openDirect(file);
    } catch (direct) {
      throw found ? direct : error;
    }
  }
}

/** A file to write to. Closed without `commit`, it leaves nothing behind. */
class FallbackFile {
  #path;
  #place;
  #begun = false;

  /** Fails at once where the file cannot be written. Nothing is lost before `begin`. */
  constructor(path) {
    this.#path = bytesOf(path);
    this.#place = this.#told('open', () => openPlace(this.#path));
  }

  /** What errors name is what was asked for. */
  #told(syscall, call) {
    try {
      return call();
    } catch (error) {
      throw this.errorOf(error, syscall);
    }
  }

  /** An error of Node's `fs` or `v8`, as one of this file. */
  errorOf(error, syscall) {
    if (/^ERR_RS_PROFILER_/.test(error.code)) return error;
    if (typeof error.errno !== 'number') return ownError(error);
    const { code, message, errno } = error;
    return systemError({ code, message, errno: -errno, syscall, path: textOf(this.#path) });
  }

  get fd() {
    if (!this.#place) throw makeError('ABORTED', 'The file was closed before it was complete.');
    return this.#place.fd;
  }

  /** A descriptor to read what is written; undefined where it cannot be read, or is no file. */
  openToRead() {
    if (this.#place.isDevice) return undefined;
    try {
      return fs.openSync(forFs(this.#place.written), 'r');
    } catch {
      return undefined;
    }
  }

  /** Readies the file for its first byte. Returns the path, for functions of Node, of what is to be written. */
  begin() {
    const { fd } = this;
    const { claimed: direct, created, written } = this.#place;
    if (direct && !created && !this.#begun) this.#told('write', () => fs.ftruncateSync(fd));
    this.#begun = true;
    return forFs(written);
  }

  /** Gives the file its name. */
  commit() {
    this.begin();
    const place = this.#place;
    // Network file systems tell only now what they have not written.
    const { fd } = place;
    place.fd = undefined;
    this.#told('write', () => fs.closeSync(fd));
    if (place.renames) this.#rename(place);
    this.#place = undefined;
    claimed.delete(place.file);
  }

  #rename({ written, file }) {
    try {
      fs.renameSync(forFs(written), forFs(file));
    } catch (error) {
      if (!OF_RENAME.includes(error.code)) throw this.errorOf(error, 'rename');
      // Seen too late: what is complete is copied.
      this.#told('write', () => copy(written, file));
      attempt(() => fs.unlinkSync(forFs(written)));
    }
  }

  /** Gives it up. Can be repeated. */
  close() {
    if (!this.#place) return;
    const { fd, written, file, renames, created, isDevice } = this.#place;
    this.#place = undefined;
    if (renames || created) attempt(() => fs.unlinkSync(forFs(written)));
    else if (this.#begun && !isDevice) attempt(() => fs.truncateSync(forFs(written)));
    if (fd !== undefined) attempt(() => fs.closeSync(fd));
    claimed.delete(file);
  }
}

/** Copies a complete file over another; that is emptied when it fails. */
function copy(from, to) {
  const place = openDirect(to);
  try {
    fs.ftruncateSync(place.fd);
    const source = fs.openSync(forFs(from), 'r');
    try {
      const buffer = Buffer.alloc(1 << 20);
      for (let length; (length = fs.readSync(source, buffer)) > 0;) {
        for (let done = 0; done < length;) done += fs.writeSync(place.fd, buffer, done, length - done);
      }
    } finally {
      fs.closeSync(source);
    }
  } catch (error) {
    attempt(() => fs.ftruncateSync(place.fd));
    throw error;
  } finally {
    claimed.delete(to);
    fs.closeSync(place.fd);
  }
}

module.exports = { FallbackFile };
