'use strict';
// `rs-profiler/heapdump`: the API and the SIGUSR2 behaviour of heapdump 0.3, with a folder, a name pattern and a switch.

const { writeNamed } = require('./lib/capture/snapshot');
const { apply, configure, signalHandler, useWriter, writeSnapshot } = require('./lib/compat/heapdump');
const { parseOptions } = require('./lib/compat/heapdump-options');
const { isMainThread } = require('./lib/native/thread');

const options = parseOptions(process.env.NODE_HEAPDUMP_OPTIONS);
for (const word of options.unknown) {
  // eslint-disable-next-line no-console -- a line of heapdump that callers know
  console.error(`node-heapdump: unrecognized option: ${word}`);
}
useWriter(writeNamed);
// One handler per copy of this module; only the main thread gets signals, and Windows has no SIGUSR2.
if (isMainThread && process.platform !== 'win32') apply({ __proto__: null, signal: true, ...options.settings });
else apply({ __proto__: null, ...options.settings, signal: false });

module.exports = { writeSnapshot };
Object.defineProperties(module.exports, {
  __proto__: null,
  configure: { __proto__: null, value: configure },
  signalHandler: { __proto__: null, value: signalHandler },
  // For `import heapdump from`, as compilers of older TypeScript and Babel code write it.
  default: { __proto__: null, value: module.exports },
});
