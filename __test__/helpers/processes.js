'use strict';

/**
 * What Linux says of this process and its children. Required by the tests and, by path, by their child processes.
 */

const fs = require('node:fs');

/** A file of /proc; empty when the process has gone meanwhile. */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** `{ pid, name, state, parent }` of a process; undefined when there is none. */
function statOf(pid) {
  const found = /^(\d+) \((.*)\) (\S) (\d+)/s.exec(read(`/proc/${pid}/stat`));
  return found ? { pid: Number(found[1]), name: found[2], state: found[3], parent: Number(found[4]) } : undefined;
}

/** All children of a process, zombies included. */
function childrenOf(pid) {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(statOf).filter((stat) => stat && stat.parent === pid);
}

/** The pids that this thread has forked, by its own list: quick enough to be asked again and again. */
function forkedHere() {
  return read('/proc/thread-self/children').split(' ').filter(Boolean).map(Number);
}

/** The forked child of this thread, as soon as there is one that is not among `known`. `over` tells when to give up. */
async function nextChild(known, over) {
  for (;;) {
    const found = forkedHere().find((pid) => !known.has(pid));
    if (found !== undefined) {
      known.add(found);
      return found;
    }
    if (over()) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** What the descriptors of a process lead to, by number. */
function descriptorsOf(pid) {
  const folder = `/proc/${pid}/fd`;
  const targets = {};
  for (const fd of fs.readdirSync(folder)) {
    try {
      targets[fd] = fs.readlinkSync(`${folder}/${fd}`);
    } catch {
      // The descriptor of this very folder.
    }
  }
  return targets;
}

/** This process's descriptors without connections, which come and go: what a capture could leave open. */
function leftOpen() {
  return Object.values(descriptorsOf('self')).filter((target) => !/^socket:|\/proc\//.test(target)).sort();
}

/** Memory kept from forked children, in MiB, of pages that are in use. */
function keptMiB() {
  let [kept, resident] = [0, 0];
  for (const line of read('/proc/self/smaps').split('\n')) {
    if (line.startsWith('Rss:')) resident = Number(/\d+/.exec(line)[0]);
    if (/^VmFlags:.* dc( |$)/.test(line)) kept += resident;
  }
  return kept / 1024;
}

/** A number of /proc/<pid>/status, or its text. */
function statusOf(pid, field) {
  const found = new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(read(`/proc/${pid}/status`));
  return found ? found[1].trim() : undefined;
}

/** Sends a signal. Says whether the process was there. */
function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

module.exports = { childrenOf, descriptorsOf, forkedHere, keptMiB, leftOpen, nextChild, read, signal, statOf, statusOf };
