'use strict';
// Whether a snapshot can be taken in a forked child here.

const fs = require('fs');
const path = require('path');
const { describe } = require('./environment');
const { MATRIX } = require('./nodes');
const { isPermitted } = require('./permission');

/** Set to `0`, it turns forking off; set to `canary`, a process sends a child ahead before it forks others. */
const SWITCH = 'RS_PROFILER_FORK';
/** What the child cannot be made without. */
const NEEDED = ['/proc/self/smaps', '/dev/null'];

/** Why a file cannot be read; undefined when it can. */
function unreadable(file) {
  try {
    fs.closeSync(fs.openSync(file, 'r'));
    return undefined;
  } catch (error) {
    return `A forked child needs ${file}, which cannot be read here (${error.code}).`;
  }
}

/**
 * Why no child can be forked for a snapshot here, a sentence; undefined when one can.
 * @param {'auto' | 'fork'} [wanted] with `'auto'` also why none should be now
 */
function forkRefusal(wanted) {
  const { addon, error } = describe();
  if (error) return error.message;
  if (process.env[SWITCH] === '0') return `The environment variable ${SWITCH}=0 turns forking off.`;
  const unsupported = addon.exports.NativeEnvironment.forkSupport();
  if (unsupported) return unsupported;
  if (!isPermitted('child')) {
    return 'Node\'s permission model allows no child process here: start Node with --allow-child-process.';
  }
  const rest = wanted === 'auto' && addon.exports.NativeEnvironment.forkRest();
  return rest || NEEDED.map(unreadable).find(Boolean);
}

/** On what terms the addon may fork. */
function forkTerms() {
  // What the matrix has is tested with forks.
  const untried = !MATRIX.some(({ major }) => major === parseInt(process.versions.node, 10));
  return { canary: untried || process.env[SWITCH] === 'canary', turns: turnsFolder() };
}

/** Where the processes of this user take turns: a folder, which need not be there. Undefined where no file may be made. */
function turnsFolder() {
  const { XDG_RUNTIME_DIR: runtime } = process.env;
  const folder = runtime && path.isAbsolute(runtime)
    ? path.join(runtime, 'rs-profiler')
    // Loaded where it is needed: most processes never get here, and no file is opened for it.
    : path.join(require('os').tmpdir(), `rs-profiler-${process.geteuid?.()}`);
  return isPermitted('fs.write', path.join(folder, 'fork.lock')) ? folder : undefined;
}

module.exports = { forkRefusal, forkTerms };
