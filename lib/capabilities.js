'use strict';
// What works in this process, and why something does not.

const binding = require('../binding');
const { forkUnavailable } = require('./fork-snapshot');

/** The C library that Node was linked with, as the addon says; without the addon, by what is mapped into the process. */
function libc(addon) {
  return addon.exports ? addon.exports.NativeEnvironment.libc() : binding.libc();
}

/** See `capabilities` in index.d.ts. `describe` is that of this copy's lib/state. */
function capabilities({ describe }) {
  const { addon, shim, v8, error } = describe();
  const available = !error;
  const noFork = forkUnavailable(addon);
  const why = available ? {} : { reason: error.message };
  return {
    node: process.version,
    abi: process.versions.modules,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    libc: libc(addon),
    addon: { loaded: Boolean(addon.exports), path: binding.addonPath(), ...(addon.reason && { reason: addon.reason }) },
    capture: { available, shim: shim || null, shimV8: v8 || null, ...why },
    isolation: {
      inline: { available, ...why },
      fork: { available: available && !noFork, ...why, ...(noFork && { reason: noFork }) },
    },
  };
}

module.exports = { capabilities };
