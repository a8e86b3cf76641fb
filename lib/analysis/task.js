'use strict';
// Work of the analysis addon: what it is given, how it is stopped and looked at, and where its files go.

const fs = require('fs');
const path = require('path');
const binding = require('../../binding');
const { abortError, invalidArgument, nativeAsync } = require('../errors');
const { checkPermitted } = require('../files');
const { nativeMissing } = require('../native-missing');
const { checkFunction, checkOptions, checkSignal } = require('../options');

/** By the numbers of the addon. */
const PHASES = ['read', 'analyse', 'write'];
/** Between two looks at how far the work has come. */
const LOOK_MS = 50;

let loaded;

/** The analysis addon; it needs no V8 and so no shim. */
function natives() {
  try {
    loaded ??= binding.loadAnalysis();
  } catch (error) {
    throw nativeMissing('analysis addon', binding.analysisPath(), error.message);
  }
  return loaded;
}

/** Path and text as the addon takes them: a string is a path, a Buffer is a text, any other object becomes one. */
function inputOf(input) {
  if (typeof input === 'string' && input) {
    checkPermitted(path.resolve(input), 'read');
    return [input, undefined];
  }
  if (Buffer.isBuffer(input)) return [undefined, input];
  if (input !== null && typeof input === 'object') return [undefined, Buffer.from(JSON.stringify(input))];
  throw invalidArgument('The input must be a path, a Buffer with the text, or the profile itself as an object.');
}

/** What every long work is given. */
function checkWork(given) {
  const options = checkOptions(given);
  return { ...options, signal: checkSignal(options), onProgress: checkFunction(options, 'onProgress') };
}

/** Runs `work(task)`, which `signal` stops, and tells `onProgress` how far it has come: every now and then, and at its end. */
async function runTask({ signal, onProgress }, work) {
  if (signal?.aborted) throw abortError(signal);
  const task = new (natives().NativeTask)();
  let thrown;
  const tell = (isWhole) => {
    if (thrown || !onProgress) return;
    const { phase, done, total } = task.progress();
    const whole = Math.max(done, total);
    try {
      onProgress({ phase: PHASES[phase], done: isWhole ? whole : done, total: isWhole ? whole : total });
    } catch (error) {
      thrown = { error };
      task.cancel();
    }
  };
  const timer = onProgress && setInterval(tell, LOOK_MS, false).unref();
  const onAbort = () => task.cancel();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const done = await nativeAsync(() => work(task));
    tell(true);
    if (signal?.aborted) throw abortError(signal);
    if (!thrown) return done;
  } catch (error) {
    if (!thrown) throw signal?.aborted ? abortError(signal) : error;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
  throw thrown.error;
}

/**
 * Lets `write(file)` fill a new file, 0600, that becomes `output` when it is whole, and is gone otherwise. A link stays, and what
 * it points to is replaced; what is no regular file, a device perhaps, is written as it is.
 */
async function writeWhole(output, write) {
  if (typeof output !== 'string' || !output) throw invalidArgument('The output must be a path.');
  const found = await fs.promises.stat(output).catch(() => undefined);
  if (found && !found.isFile()) {
    checkPermitted(path.resolve(output));
    return write(output);
  }
  const target = found ? await fs.promises.realpath(output) : output;
  const partial = `${target}.${process.pid}.partial`;
  await fs.promises.writeFile(partial, '', { flag: 'wx', mode: 0o600 });
  try {
    const done = await write(partial);
    await fs.promises.rename(partial, target);
    return done;
  } catch (error) {
    await fs.promises.rm(partial, { force: true });
    throw error;
  }
}

module.exports = { checkWork, inputOf, natives, runTask, writeWhole };
