'use strict';
// Names of captures in a folder that several processes share, and which of them are kept: by count, age and bytes. Files with
// other names are nobody's business.

const fs = require('fs');
const path = require('path');
const { checkInteger, checkOptions } = require('./options');

/** Names that a capture of ours can have: kind, time in UTC, process, chance. The addon makes them too (`stall.rs`). */
const NAME = /^(heap-snapshot|cpu-profile|sampling-heap-profile)-\d{8}T\d{6}Z-\d+-[0-9a-f]{12}\.(heapsnapshot|cpuprofile|heapprofile)(\.gz|\.zst)?$/;
/** What a process that was killed left unfinished: no capture takes that long. */
const PARTIAL = /^((heap-snapshot|cpu-profile|sampling-heap-profile)-\d{8}T\d{6}Z-\d+-[0-9a-f]{12}\.[a-z.]+\.[\w.-]*partial|report-\d{8}T\d{6}Z-\d+-[0-9a-f]{12}\.html[\w.-]*|capture\.lock\.[\w.-]+)$/;
const PARTIAL_MS = 24 * 3_600_000;
/** Between two looks at what is too old. */
const CLEAN_MS = 3_600_000;

/** A new name, of this time, this process and chance. */
function newName(kind, extension) {
  // Takes milliseconds to load.
  const { randomBytes } = require('crypto');
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${kind}-${time}-${process.pid}-${randomBytes(6).toString('hex')}.${extension}`;
}

/** How much is kept. */
function checkRetention(given) {
  const options = checkOptions(given);
  return {
    maxCount: checkInteger(options, 'maxCount', 20, 1, 100_000),
    maxAgeMs: checkInteger(options, 'maxAgeMs', 7 * 24 * 3_600_000, 1, Number.MAX_SAFE_INTEGER),
    maxBytes: checkInteger(options, 'maxBytes', 4 * 2 ** 30, 1, Number.MAX_SAFE_INTEGER),
  };
}

/** The regular files of a folder whose names match, the newest first; none where there is no folder. */
async function listFiles(folder, pattern) {
  const all = await fs.promises.readdir(folder).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = all.filter((name) => pattern.test(name));
  const found = await Promise.all(names.map(async (name) => {
    // Another process may clean up too.
    const stats = await fs.promises.lstat(path.join(folder, name)).catch(() => null);
    return stats && stats.isFile() ? { name, bytes: stats.size, modifiedMs: stats.mtimeMs } : null;
  }));
  return found.filter(Boolean).sort((a, b) => b.modifiedMs - a.modifiedMs || (a.name < b.name ? 1 : -1));
}

/** Removes a file; false when it was gone already. */
async function remove(file) {
  try {
    await fs.promises.unlink(file);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes the captures that are too many, too old or too large together, the oldest first. The newest always stays, and what
 * `keep` names.
 * @param {string} folder
 * @param {{ maxCount: number, maxAgeMs: number, maxBytes: number }} limits
 * @param {string[]} [keep] names
 * @returns {Promise<string[]>} the names of what was removed
 */
async function cleanUp(folder, { maxCount, maxAgeMs, maxBytes }, keep = []) {
  const oldest = Date.now() - maxAgeMs;
  let bytes = 0;
  const surplus = (await listFiles(folder, NAME)).filter((file, at) => {
    bytes += file.bytes;
    return at > 0 && !keep.includes(file.name) && (at >= maxCount || file.modifiedMs < oldest || bytes > maxBytes);
  });
  const stale = (await listFiles(folder, PARTIAL)).filter(({ modifiedMs }) => Date.now() - modifiedMs > PARTIAL_MS);
  const removed = [];
  for (const { name } of [...surplus, ...stale]) {
    if (await remove(path.join(folder, name))) removed.push(name);
  }
  return removed;
}

/**
 * Cleans up now and every hour: captures grow too old without new ones too. Does not keep the process alive.
 * @returns {() => void} ends it
 */
function keepClean(folder, limits) {
  const clean = () => cleanUp(folder, limits).catch(() => {});
  clean();
  const timer = setInterval(clean, CLEAN_MS).unref();
  return () => clearInterval(timer);
}

module.exports = { NAME, checkRetention, cleanUp, keepClean, listFiles, newName, remove };
