'use strict';
// Which file a path comes to, as src/sink/file does it: temporary names, links, and what a rename cannot replace. Paths are texts
// of bytes, as in lib/files/paths.

const fs = require('fs');
const path = require('path');
const { bytesOf, forFs } = require('../files/paths');

/** Links that are followed, as many as Linux follows. */
const MOST_LINKS = 40;
/** Longer names are cut, so that the temporary name is no longer than the name itself, which fits. */
const SHORT = 100;

/** `NAME.<random>.partial`, beside the file. Random, because the only process of a container always has the same pid. */
function temporaryName(file) {
  const suffix = `.${Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, '0')}.partial`;
  let name = path.basename(file);
  if (name.length > SHORT) {
    let end = name.length - suffix.length;
    // Cut between characters: some file systems take no others.
    while (end > 0 && (name.charCodeAt(end) & 0xc0) === 0x80) end -= 1;
    name = name.slice(0, end);
  }
  return path.join(path.dirname(file), name + suffix);
}

/** The file that a path names when all links are followed. It need not exist. */
function follow(bytes) {
  try {
    return bytesOf(fs.realpathSync.native(forFs(bytes), 'buffer'));
  } catch {
    // It does not exist, or may not be looked at.
  }
  let file = bytes;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    try {
      file = path.resolve(path.dirname(file), bytesOf(fs.readlinkSync(forFs(file), 'buffer')));
    } catch {
      return file;
    }
  }
  throw Object.assign(new Error(), { code: 'ELOOP', errno: -40 });
}

/** The kernel writes blanks, line ends and backslashes as `\` and three octal digits. */
const unescaped = (text) => text.replace(/\\([0-3][0-7]{2})/g, (all, digits) => String.fromCharCode(parseInt(digits, 8)));

/** Whether a file is mounted: a rename to it would fail, after everything was written. Known on Linux. */
function isMountPoint(bytes) {
  try {
    const mounts = fs.readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
    return mounts.some((line) => unescaped(line.split(' ')[4] ?? '') === bytes);
  } catch {
    return false;
  }
}

/** Whether a folder like `/tmp` keeps a file that is another user's from being replaced. */
function isProtected(bytes, { uid }) {
  const own = process.geteuid?.();
  if (!own) return false;
  try {
    const folder = fs.statSync(forFs(path.dirname(bytes)));
    return (folder.mode & 0o1000) !== 0 && own !== uid && own !== folder.uid;
  } catch {
    return false;
  }
}

/** Whether it is known beforehand that this file cannot be replaced by a rename. */
const mustBeWritten = (bytes, found) => isMountPoint(bytes) || isProtected(bytes, found);

module.exports = { follow, mustBeWritten, temporaryName };
