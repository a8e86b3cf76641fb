'use strict';
// What V8 was told when this process was started, as far as the addon has to know it.

const fs = require('fs');
const { isMainThread } = require('./thread');

const asks = (flags) => String(flags).replace(/_/g, '-').includes('--heap-snapshot-string-limit');

/**
 * Whether V8 may have been told to keep strings longer than 1024 characters in heap snapshots. Node takes this flag as an
 * argument only, not in NODE_OPTIONS.
 *
 * V8 has it for the whole process, but a worker may have been given arguments of its own: so those of the process are looked at
 * too. A wrong yes is harmless: an export that is given up takes as long as a whole one.
 */
function longStrings() {
  if (asks(process.execArgv)) return true;
  try {
    return asks(fs.readFileSync('/proc/self/cmdline', 'latin1'));
  } catch {
    return !isMainThread;
  }
}

module.exports = { longStrings };
