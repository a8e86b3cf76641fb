'use strict';
// What V8 was told when this process was started, as far as the addon has to know it. V8 itself tells nobody.

const fs = require('fs');
const { isMainThread } = require('./thread');

const asks = (flags) => String(flags).replace(/_/g, '-').includes('--heap-snapshot-string-limit');

/**
 * The arguments of the process; undefined where they cannot be had, or where `process.title` was written over them: what is left
 * of them is then NUL.
 */
function processArguments() {
  try {
    const given = fs.readFileSync('/proc/self/cmdline', 'latin1');
    return given.startsWith(`${process.argv0}\0`) && !given.includes('\0\0') ? given : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether V8 may have been told to keep strings longer than 1024 characters in heap snapshots. Node takes this flag as an
 * argument only, not in NODE_OPTIONS.
 *
 * V8 has it for the whole process, but a worker may have been given arguments of its own, and people empty `process.execArgv` to
 * keep options from children: so those of the process are looked at too. A wrong yes does little harm: an export that is given
 * up takes as long as a whole one.
 */
function longStrings() {
  if (asks(process.execArgv)) return true;
  const given = processArguments();
  return given === undefined ? !isMainThread : asks(given);
}

module.exports = { longStrings };
