'use strict';
// Which thread this is.

/** Node cannot load this module any more when somebody froze `process`; a worker has loaded it at its start. */
function load() {
  try {
    return require('worker_threads');
  } catch {
    return { isMainThread: true, threadId: 0 };
  }
}

const { isMainThread, threadId } = load();

module.exports = { isMainThread, threadId };
