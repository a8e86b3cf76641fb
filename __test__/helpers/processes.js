'use strict';

/**
 * What Linux says of processes. Required by the tests and, by path, by their child processes.
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

/** `{ pid, state, parent, started }` of a process; undefined when there is none. A pid is given again, a start is not. */
function statOf(pid) {
  const [, rest] = /^\d+ \(.*\) (.*)$/s.exec(read(`/proc/${pid}/stat`)) || [];
  if (rest === undefined) return undefined;
  const fields = rest.split(' ');
  return { pid, state: fields[0], parent: Number(fields[1]), started: fields[19] };
}

/** All children of a process, zombies included. */
function childrenOf(parent) {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.map(statOf).filter((stat) => stat && stat.parent === parent);
}

/** Whether this very process is still there, and not only to be waited for. */
function isAlive({ pid, started }) {
  const now = statOf(pid);
  return now !== undefined && now.started === started && now.state !== 'Z';
}

/** The next child of this process that is not among `known`, pids to which it is added; undefined when `isOver()` before that. */
async function nextChild(known, isOver) {
  for (;;) {
    const found = childrenOf(process.pid).find(({ pid }) => !known.has(pid));
    if (found) {
      known.add(found.pid);
      return found;
    }
    if (isOver()) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Sends a signal. Says whether the process was there. */
function signal(child, name) {
  try {
    if (!isAlive(child)) return false;
    process.kill(child.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** What this process has open but connections, which come and go: what a capture could leave. */
function leftOpen() {
  const targets = fs.readdirSync('/proc/self/fd').map((fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The descriptor of this very folder.
      return '/proc/';
    }
  });
  return targets.filter((target) => !/^socket:|^\/proc\//.test(target)).sort();
}

module.exports = { childrenOf, isAlive, leftOpen, nextChild, signal };
