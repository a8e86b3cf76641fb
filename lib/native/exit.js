'use strict';
// What is to be closed when the process ends: `process.exit()` collects nothing.

/** What is open, each with a `close()` that can be repeated. */
const open = new Set();

function closeAll() {
  for (const thing of open) thing.close();
}

/** Calls `on` or `removeListener` of `process`. On a frozen one they do what they do, and then fail to count it. */
function listenToExit(method) {
  try {
    process[method]('exit', closeAll);
  } catch {
    // A listener that is there without need finds nothing to close; what none closes is only left behind.
  }
}

/** Closes this at the end of the process. */
function closeAtExit(thing) {
  open.add(thing);
  if (open.size === 1) listenToExit('on');
}

/** Takes back `closeAtExit`. */
function forget(thing) {
  if (open.delete(thing) && open.size === 0) listenToExit('removeListener');
}

module.exports = { closeAtExit, forget };
