'use strict';
// Whether a snapshot can be taken in a forked child here.

const fs = require('fs');
const { describe } = require('./environment');

/** Set to `0`, it turns forking off. */
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

/** Why no child can be forked for a snapshot here, a sentence; undefined when one can. */
function forkRefusal() {
  const { addon, error } = describe();
  if (error) return error.message;
  if (process.env[SWITCH] === '0') return `The environment variable ${SWITCH}=0 turns forking off.`;
  const unsupported = addon.exports.NativeEnvironment.forkSupport();
  if (unsupported) return unsupported;
  const { permission } = process;
  if (permission && typeof permission.has === 'function' && !permission.has('child')) {
    return 'Node\'s permission model allows no child process here: start Node with --allow-child-process.';
  }
  return NEEDED.map(unreadable).find(Boolean);
}

module.exports = { forkRefusal };
