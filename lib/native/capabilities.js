'use strict';
// What works in this process, and why something does not.

const binding = require('../../binding');
const { describeEngine } = require('./engine');
const { describe } = require('./environment');
const { forkRefusal } = require('./fork-support');

/** See `capabilities` in index.d.ts. */
function capabilities() {
  const { addon, shim, v8, error } = describe();
  const available = !error;
  const why = available ? {} : { reason: error.message };
  const refusal = forkRefusal();
  const [heapSnapshot, cpuProfile, samplingHeapProfile] = ['snapshot', 'cpu', 'sampling'].map(describeEngine);
  return {
    node: process.version,
    abi: process.versions.modules,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    libc: addon.exports ? addon.exports.NativeEnvironment.libc() : binding.libc(),
    addon: { loaded: Boolean(addon.exports), path: binding.addonPath(), ...(addon.reason && { reason: addon.reason }) },
    capture: { available, shim: shim || null, shimV8: v8 || null, ...why },
    engines: { heapSnapshot, cpuProfile, samplingHeapProfile },
    analysis: addon.exports ? { available: true } : { available: false, ...why },
    isolation: {
      inline: heapSnapshot.engine ? { available: true } : { available: false, reason: heapSnapshot.reason },
      fork: { available: !refusal, ...(refusal && { reason: refusal }) },
    },
  };
}

module.exports = { capabilities };
