'use strict';
// One capture at a time on a host: a file in the folder that all its processes share says whose turn it is.

const fs = require('fs');
const os = require('os');
const path = require('path');
const { makeError } = require('../errors');

const NAME = 'capture.lock';
/** A holder has ended after this time: one in another container cannot be asked, and a thread can end without its process. */
const LONGEST_MS = 2 * 3_600_000;
/** So often a lock that nobody holds is taken away before that is given up. */
const TRIES = 5;
const WAIT_MS = 5;
/** Taking a lock away takes no time: who has not done it by then was killed. */
const CLEARING_MS = 10_000;

/** Errors of a file system without hard links. */
const LINKLESS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** The code of a failure other than that the file exists, which is thrown unless it tells of no hard links; `'EEXIST'` for that one. */
function attempt(work) {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST' && !LINKLESS.has(error.code)) throw error;
    return error.code;
  }
}

/** Where process ids mean the same, as far as can be known. */
function processSpace() {
  try {
    return `${fs.readlinkSync('/proc/self/ns/pid')} ${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return os.hostname();
  }
}

/** When a process began, in the system's ticks: a later process can have its id. Undefined where there is no /proc. */
function beganAt(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, began }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
  }
  const now = beganAt(pid);
  return began === undefined || now === undefined || now === began;
}

/** The error of a capture whose turn it is not. `running` is what is. */
function busy(running) {
  const what = running ? `A capture is running (${running.kind}, process ${running.pid}, since ${running.since})` : 'A capture is running';
  return Object.assign(makeError('BUSY', `${what}: try again when it has ended.`), { running });
}

/** What gives back turns that this process has when it ends. */
const atExit = new Set();
let listening = false;

function rememberAtExit(giveBack) {
  atExit.add(giveBack);
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const each of atExit) {
      try {
        each();
      } catch {
        // The lock of a process that has ended holds nobody up.
      }
    }
  });
}

class HostTurns {
  #file;
  #space = processSpace();
  #sequence = 0;
  /** Whether the file system has no hard links. */
  #linkless = false;

  /** @param {string} folder an existing folder of this user */
  constructor(folder) {
    this.#file = path.join(folder, NAME);
  }

  /** What is running on this host, or null. */
  current() {
    const held = this.#read(this.#file);
    return held && this.#holds(held) ? { kind: held.kind, pid: held.pid, since: held.since } : null;
  }

  /**
   * Takes the turn, or throws `BUSY` with `running`.
   * @param {{ kind: string }} what
   * @returns {Promise<() => void>} gives it back; repeatable
   */
  async take({ kind }) {
    const mine = { kind, pid: process.pid, since: new Date().toISOString(), began: beganAt(process.pid), space: this.#space, id: this.#unique() };
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (this.#claim(mine)) {
        const giveBack = () => {
          atExit.delete(giveBack);
          this.#giveBack(mine);
        };
        rememberAtExit(giveBack);
        return giveBack;
      }
      const identity = this.#identity();
      const held = this.#read(this.#file);
      if (held && this.#holds(held)) throw busy({ kind: held.kind, pid: held.pid, since: held.since });
      // In the second of two steps.
      if (this.#linkless && held && held.pid === undefined && this.#isYoung()) throw busy(null);
      if (identity && !this.#clear(identity)) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
    throw busy(this.current());
  }

  #unique() {
    this.#sequence += 1;
    return `${process.pid}.${Date.now()}.${this.#sequence}.${Math.random().toString(36).slice(2)}`;
  }

  /** Makes the file with its content, where there is none: in one step, or in two on a file system without hard links. */
  #claim(mine) {
    const draft = `${this.#file}.${mine.id}`;
    fs.writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
    try {
      const code = attempt(() => fs.linkSync(draft, this.#file));
      this.#linkless = LINKLESS.has(code);
      if (!this.#linkless) return code === undefined;
      return attempt(() => fs.writeFileSync(this.#file, JSON.stringify(mine), { mode: 0o600, flag: 'wx' })) === undefined;
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }

  #read(file) {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'));
    } catch (error) {
      return error.code === 'ENOENT' ? null : {};
    }
  }

  #holds({ space, pid, began, since }) {
    if (!Number.isInteger(pid)) return false;
    if (!(Date.now() - Date.parse(since) < LONGEST_MS)) return false;
    return space !== this.#space || isAlive({ pid, began });
  }

  #isYoung() {
    const made = fs.statSync(this.#file, { throwIfNoEntry: false });
    return made !== undefined && Date.now() - made.mtimeMs < CLEARING_MS;
  }

  /** Which lock file it is; each has a name of its own by this. Undefined where there is none. */
  #identity() {
    try {
      const { ino, mtimeNs } = fs.lstatSync(this.#file, { bigint: true });
      return `${ino}-${mtimeNs}`;
    } catch {
      return undefined;
    }
  }

  /**
   * Takes away the lock of a holder that is gone, and no other one that came in between: of all who find it one may, who has made
   * the mark of this lock. False where that is somebody else.
   */
  #clear(identity) {
    const mark = `${this.#file}.clearing.${identity}`;
    try {
      fs.writeFileSync(mark, '', { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const made = fs.statSync(mark, { throwIfNoEntry: false });
      if (made && Date.now() - made.mtimeMs > CLEARING_MS) fs.rmSync(mark, { force: true });
      return false;
    }
    try {
      if (this.#identity() === identity) fs.rmSync(this.#file, { force: true });
      return true;
    } finally {
      fs.rmSync(mark, { force: true });
    }
  }

  #giveBack(mine) {
    if (this.#read(this.#file)?.id === mine.id) fs.rmSync(this.#file, { force: true });
  }
}

module.exports = { HostTurns, busy };
