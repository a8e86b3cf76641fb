'use strict';
// Which thread this is.

const fs = require('fs');

/**
 * Whether this is the first thread of the process, which is no worker. Linux says so at once; to load Node's module for it takes
 * longer than all of this package.
 */
function isFirst() {
  try {
    return /^(\d+)\/task\/\1$/.test(fs.readlinkSync('/proc/thread-self'));
  } catch {
    return false;
  }
}

/** Node cannot load this module any more when somebody froze `process`; a worker has loaded it at its start. */
function load() {
  try {
    return require('worker_threads');
  } catch {
    return { isMainThread: true, threadId: 0 };
  }
}

const { isMainThread, threadId } = isFirst() ? { isMainThread: true, threadId: 0 } : load();

module.exports = { isMainThread, threadId };
