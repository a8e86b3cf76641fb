'use strict';
// What heapdump does: write a snapshot to a file, now, on demand or on SIGUSR2.

const path = require('path');
const { takeNative } = require('../native/heap-snapshot');
const { invalidArgument, native } = require('../native/errors');
const { checkFolder, nameFields } = require('../files/paths');
const { openNamed } = require('../files/target');
const { ISOLATIONS, checkChoice, checkOptions } = require('../options/checks');
const { define } = require('../native/properties');
const { getEnvironment } = require('../native/environment');

const settings = { signal: false, dir: '', name: '', isolation: ISOLATIONS[0] };
/** Writes a snapshot for a signal; given by the face, which knows who can. */
let writeNamed;
/** Snapshots for signals that are not done. */
let dumping = 0;
/** heapdump cuts longer names. */
const NAME_LIMIT = 4095;

/** heapdump's own name: milliseconds since boot, a dot, and the rest in nanoseconds, without padding. */
function uptimeName() {
  const now = process.hrtime.bigint();
  return `heapdump-${now / 1000000n}.${now % 1000000n}.heapsnapshot`;
}

function fillPattern(pattern) {
  const fields = nameFields();
  const name = pattern.replace(/\{(date|time|pid|thread|seq)\}/g, (all, field) => fields[field]);
  return name.endsWith('.heapsnapshot') ? name : `${name}.heapsnapshot`;
}

/** Where a dump without a name goes: the pattern in the folder, both of which may be set. */
function defaultPath() {
  const name = settings.name ? fillPattern(settings.name) : uptimeName();
  return settings.dir ? path.join(settings.dir, name) : name;
}

/**
 * Writes a heap snapshot, synchronously. See heapdump.d.ts.
 * @returns {boolean} whether it was written
 */
function writeSnapshot(filename, callback) {
  if (typeof filename === 'function') {
    callback = filename;
    filename = undefined;
  }
  const target = typeof filename === 'string' ? filename.slice(0, NAME_LIMIT) : defaultPath();
  const error = write(target);
  if (callback) {
    if (typeof callback !== 'function') throw invalidArgument('cb is not a function');
    if (error) callback(error);
    else callback(null, typeof filename === 'string' ? filename : target);
  }
  return !error;
}

/** Writes a file; returns what went wrong. */
function write(name) {
  try {
    if (name === '') throw Object.assign(new Error(), { code: 'ENOENT' });
    const target = openNamed(getEnvironment(), name);
    try {
      const taken = takeNative();
      try {
        native(() => taken.writeFileSync(target.native));
      } finally {
        taken.delete();
      }
    } finally {
      target.close();
    }
    return undefined;
  } catch (error) {
    if (!isOfFile(error)) throw error;
    return writeError(error, name);
  }
}

/** A failure of the file is heapdump's; any other (no shim for this Node, say) says for itself what to do. */
const isOfFile = ({ syscall, code }) => Boolean(syscall) || code === 'ENOENT' || code === 'ERR_ACCESS_DENIED';

/** As heapdump's. */
const writeError = ({ code }, name) => define(new Error(`heapdump write error ${code}`), { code, path: name });

/** Tells of a dump by signal that failed: nobody waits for it. */
function warn({ code, message }, name) {
  const where = name === undefined ? '' : ` to ${name}`;
  process.emitWarning(`SIGUSR2: no heap snapshot was written${where}: ${message}`, { type: 'RsProfilerWarning', code });
}

/**
 * The listener of SIGUSR2: dumps to the default name, by a forked child where that can be. Nothing that fails may end the process.
 * Signals that come meanwhile give one more dump, however many they are, as they do where a dump stops the process.
 */
async function signalHandler() {
  if (dumping > 1) return;
  dumping += 1;
  let name;
  try {
    name = defaultPath();
    await writeNamed(name, { isolation: settings.isolation });
  } catch (error) {
    warn(isOfFile(error) ? writeError(error, name) : error, name);
  } finally {
    dumping -= 1;
  }
}

/** Says who writes the snapshots of the signal. */
function useWriter(write) {
  writeNamed = write;
}

/** Of a frozen `process` only the count of kinds of listeners fails: the listener is there. */
function listen() {
  try {
    process.on('SIGUSR2', signalHandler);
  } catch (error) {
    if (!process.listeners('SIGUSR2').includes(signalHandler)) throw error;
  }
}

const isName = (name) => !/[/\\\0]/.test(name);

/** Changes settings. A folder is taken as it is. */
function apply({ signal = settings.signal, dir = settings.dir, name = settings.name, isolation = settings.isolation }) {
  if (signal !== settings.signal) {
    if (signal) listen();
    else process.removeListener('SIGUSR2', signalHandler);
  }
  Object.assign(settings, { signal, dir, name, isolation });
}

/**
 * Changes settings; what is left out stays. A folder must be there.
 * @param {{ signal?: boolean, dir?: string, name?: string, isolation?: string }} changes
 */
function configure(changes) {
  const checked = checkOptions(changes, ['signal', 'dir', 'name', 'isolation']);
  const { signal, dir, name } = checked;
  if (signal !== undefined && typeof signal !== 'boolean') throw invalidArgument('signal must be true or false.');
  if (dir !== undefined && (typeof dir !== 'string' || dir.includes('\0'))) throw invalidArgument('dir must be a string.');
  if (name !== undefined && (typeof name !== 'string' || !isName(name))) {
    throw invalidArgument('name must be a file name, without folders.');
  }
  checkChoice(checked, 'isolation', ISOLATIONS);
  apply({ __proto__: null, ...checked, ...(dir && { dir: checkFolder(dir) }) });
}

module.exports = { apply, configure, signalHandler, useWriter, writeSnapshot };
