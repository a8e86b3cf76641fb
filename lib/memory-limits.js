'use strict';
// How much memory this process may still take before the kernel ends something: cgroups of both versions, the machine, and
// the limit of its address space. Reads a few small files of /proc and /sys; does nothing where they do not exist.

const fs = require('fs');
const path = require('path');

/** cgroup v1 writes "no limit" as the largest multiple of a page. */
const UNLIMITED = 2 ** 60;

/**
 * @typedef {object} MemoryLimit
 * @property {'cgroup' | 'host' | 'address-space'} limit what sets it
 * @property {string} [path] the cgroup's folder
 * @property {number} limitBytes
 * @property {number} usedBytes what counts against it, without file cache that the kernel can drop
 * @property {number} availableBytes at least 0
 */

/** The readers of one root folder. Files that are absent or forbidden read as ''. */
function readerOf(root) {
  return (file) => {
    try {
      return fs.readFileSync(path.join(root, file), 'latin1');
    } catch {
      return '';
    }
  };
}

/** The number of a line "NAME NUMBER" or "NAME: NUMBER", or undefined. */
function field(text, name) {
  const match = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text);
  return match ? Number(match[1]) : undefined;
}

function made(limit, limitBytes, usedBytes, folder) {
  const availableBytes = Math.max(0, limitBytes - usedBytes);
  return { limit, ...(folder && { path: folder }), limitBytes, usedBytes: Math.max(0, usedBytes), availableBytes };
}

/** Where the cgroup file systems are: `{ root, folder, version }`, of v1 only the one with the memory controller. */
function cgroupMounts(mountinfo) {
  const mounts = [];
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    if (!after) continue;
    const [, , , root, folder] = before.split(' ').map(unescaped);
    const [type, , options = ''] = after.split(' ');
    if (type === 'cgroup2') mounts.push({ root, folder, version: 2 });
    else if (type === 'cgroup' && options.split(',').includes('memory')) mounts.push({ root, folder, version: 1 });
  }
  return mounts;
}

/** mountinfo writes blanks and the like as octal numbers. */
function unescaped(text) {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}

/** The path of this process in the hierarchy of a version, as /proc/self/cgroup has it. */
function ownCgroup(cgroup, version) {
  for (const line of cgroup.split('\n')) {
    const match = /^(\d+):([^:]*):(.*)$/.exec(line);
    if (!match) continue;
    if (version === 2 ? match[1] === '0' && match[2] === '' : match[2].split(',').includes('memory')) return match[3];
  }
  return undefined;
}

/**
 * The folders from the own cgroup up to the mount. In a container the mount often shows a part of the hierarchy only: then
 * its root is what the path begins with, or the path (of another namespace) means nothing there and the mount is all we see.
 */
function cgroupFolders(mount, own) {
  const inside = mount.root === '/' ? own : own === mount.root || own.startsWith(`${mount.root}/`) ? own.slice(mount.root.length) : '/';
  const parts = path.posix.normalize(`/${inside}`).split('/').filter(Boolean);
  const folders = [];
  for (let length = parts.length; length >= 0; length--) folders.push(path.posix.join(mount.folder, ...parts.slice(0, length)));
  return folders;
}

/**
 * The files of a version, and the name in memory.stat of file cache that can be dropped. Above memory.high nobody is killed,
 * but all are slowed down so much that the service is as good as gone.
 */
const FILES = {
  1: { most: ['memory.limit_in_bytes'], used: 'memory.usage_in_bytes', cache: 'total_inactive_file' },
  2: { most: ['memory.max', 'memory.high'], used: 'memory.current', cache: 'inactive_file' },
};

/** A file with one number; undefined for 'max', for an absent file, and for v1's large number. */
function bytesIn(text) {
  return /^\d+\s*$/.test(text) && Number(text) < UNLIMITED ? Number(text) : undefined;
}

function cgroupLimits(read) {
  const limits = [];
  const cgroup = read('proc/self/cgroup');
  for (const mount of cgroupMounts(read('proc/self/mountinfo'))) {
    const own = ownCgroup(cgroup, mount.version);
    if (own === undefined) continue;
    const { most, used, cache } = FILES[mount.version];
    for (const folder of cgroupFolders(mount, own)) {
      const ends = most.map((file) => bytesIn(read(`${folder}/${file}`))).filter((bytes) => bytes !== undefined);
      const usage = bytesIn(read(`${folder}/${used}`));
      if (ends.length === 0 || usage === undefined) continue;
      const cached = field(read(`${folder}/memory.stat`), cache) || 0;
      limits.push(made('cgroup', Math.min(...ends), usage - cached, folder));
    }
  }
  return limits;
}

/** What the machine can give without swapping. */
function hostLimit(read) {
  const meminfo = read('proc/meminfo');
  const total = field(meminfo, 'MemTotal');
  const available = field(meminfo, 'MemAvailable');
  if (total === undefined || available === undefined) return [];
  return [made('host', total * 1024, (total - available) * 1024)];
}

/** The limit that `ulimit -v` sets. */
function addressSpaceLimit(read) {
  const most = field(read('proc/self/limits'), 'Max address space');
  const used = field(read('proc/self/status'), 'VmSize');
  return most === undefined || used === undefined ? [] : [made('address-space', most, used * 1024)];
}

/**
 * All limits that apply to this process, in no order.
 * @param {string} [root] the folder that stands for `/`
 * @returns {MemoryLimit[]} empty where there is no /proc
 */
function readMemoryLimits(root = '/') {
  const read = readerOf(root);
  return [...cgroupLimits(read), ...hostLimit(read), ...addressSpaceLimit(read)];
}

module.exports = { readMemoryLimits };
