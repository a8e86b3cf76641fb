'use strict';
// Object tracking, which V8 has once per thread, and what copies of this package in one thread tell each other of it. Those of
// one folder share an addon, which knows; those of different folders have an addon each, and meet here.

const { native } = require('./errors');

const KEY = Symbol.for('rs-profiler.tracking');

/** `{ copies, samples }` of this thread: weak references to native environments, and whether V8 has samples. */
function registryOf(environment) {
  // Copies may run in different realms (Jest, vm): the global object of Node's own is the same for all.
  const global = environment.mainGlobal();
  if (global[KEY] === undefined) {
    // A frozen global object goes without.
    Reflect.defineProperty(global, KEY, { __proto__: null, value: { copies: [], samples: false } });
  }
  return global[KEY] || { copies: [], samples: false };
}

/** The environments of a registry that are alive. */
function alive(registry) {
  registry.copies = registry.copies.filter((reference) => reference.deref() !== undefined);
  return registry.copies.map((reference) => reference.deref()).filter(Boolean);
}

/** Makes a copy known to the others. */
function joinTracking(environment) {
  const registry = registryOf(environment);
  alive(registry);
  registry.copies.push(new WeakRef(environment));
  environment.setSamples(registry.samples);
}

/**
 * Starts, reads or stops object tracking while no copy is writing a snapshot on another thread.
 * @param {object} environment the native environment
 * @param {boolean} samples whether V8 has samples afterwards: then snapshots are written on this thread
 * @param {Function} call
 */
function track(environment, samples, call) {
  const registry = registryOf(environment);
  const copies = alive(registry);
  for (const copy of copies) copy.settleTexts();
  const result = native(call);
  registry.samples = samples;
  for (const copy of copies) copy.setSamples(samples);
  return result;
}

module.exports = { joinTracking, track };
