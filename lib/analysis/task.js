'use strict';
// Long work of the addon on its own threads: how it is given up, and how its caller hears how far it has come.

const { clearInterval, setInterval } = require('timers');
const { getAddon } = require('../native/environment');
const { throwIfAborted } = require('../options/checks');
const { whileWanted } = require('../options/wanted');

/** Between two looks at how far the work has come. */
const LOOK_MS = 50;

/**
 * Runs `work(task, stopped)`, which `signal` stops, and tells `onProgress` how far it has come: every now and then, and at its end.
 * @param {{ signal?: AbortSignal, onProgress?: Function }} options checked ones
 * @param {(task: object, stopped: Promise<void>) => Promise} work `stopped` resolves when nobody wants it any more
 */
async function runTask({ signal, onProgress }, work) {
  throwIfAborted(signal);
  const task = new (getAddon().NativeTask)();
  let stop;
  const stopped = new Promise((resolve) => {
    stop = () => {
      task.cancel();
      resolve();
    };
  });
  return whileWanted(signal, stop, async (guard) => {
    const tell = onProgress && guard((isWhole) => {
      const { phase, done, total } = task.progress();
      const whole = Math.max(done, total);
      onProgress(isWhole ? { phase, done: whole, total: whole } : { phase, done, total });
    });
    // The work keeps the process alive, not those who look at it.
    const timer = tell && setInterval(tell, LOOK_MS, false).unref();
    try {
      const result = await work(task, stopped);
      if (tell) tell(true);
      throwIfAborted(signal);
      return result;
    } finally {
      clearInterval(timer);
    }
  });
}

module.exports = { runTask };
