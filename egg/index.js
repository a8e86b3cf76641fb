'use strict';
// The plugin as a factory, the form that Egg 4.1 knows: config/plugin.js spreads what it returns into its exports.

/**
 * Gives the entry of config/plugin.js.
 * @param {{ enable?: boolean, env?: string[], dependencies?: string[], optionalDependencies?: string[] }} [options]
 * @returns {{ rsProfiler: object }}
 */
function rsProfilerPlugin(options) {
  return {
    rsProfiler: { enable: true, ...options, name: 'rsProfiler', path: __dirname, skipMerge: true },
  };
}

module.exports = rsProfilerPlugin;
module.exports.default = rsProfilerPlugin;
