'use strict';

/** A shim that fits neither this Node nor this addon is refused before V8 is called through it. */

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');

const ABI = Number(process.versions.modules);
const HEADER = fs.readFileSync(path.join(__dirname, '..', '..', 'src', 'v8', 'shim.h'), 'utf8');
const TABLE_VERSION = Number(/#define RSP_TABLE_VERSION (\d+)u/.exec(HEADER)[1]);

/** A native folder with this addon and this shim, in whose table of functions a number was replaced. */
function folderWith(change) {
  const { addon, capture } = profiler.capabilities();
  const folder = tempFolder();
  fs.copyFileSync(addon.path, path.join(folder, path.basename(addon.path)));
  const shim = fs.readFileSync(capture.shim);
  // The table begins with its version, its size and the ABI: the one place with this version and ABI and a size in between.
  const places = [];
  for (let at = 0; at + 12 <= shim.length; at += 4) {
    const [version, size, abi] = [0, 4, 8].map((offset) => shim.readUInt32LE(at + offset));
    if (version === TABLE_VERSION && abi === ABI && size > 100 && size < 4096 && size % 8 === 0) places.push(at);
  }
  expect(places).toHaveLength(1);
  change(shim, places[0]);
  fs.writeFileSync(path.join(folder, path.basename(capture.shim)), shim);
  return folder;
}

test.each([
  ['another ABI', (shim, at) => shim.writeUInt32LE(ABI + 1, at + 8), new RegExp(`ABI ${ABI + 1}\\b.*\\b${ABI}\\b`)],
  ['another version of the table', (shim, at) => shim.writeUInt32LE(999, at), /another rs-profiler/],
  ['another size of the table', (shim, at) => shim.writeUInt32LE(16, at + 4), /another rs-profiler/],
  [
    'a symbol that this Node does not have',
    (shim) => shim.write('_ZN2v87Isolate13TryGotCurrentEv', shim.indexOf('_ZN2v87Isolate13TryGetCurrentEv')),
    /needs _ZN2v87Isolate13TryGotCurrentEv, which this Node does not have/,
  ],
  ['a library without a table', (shim) => shim.write('rsp_v9', shim.indexOf('rsp_v8_table')), /could not be loaded/],
])('a shim with %s', async (what, change, says) => {
  const seen = await runClean(
    async ({ profiler, codeOf, report }) => {
      const uses = [() => profiler.takeSnapshot(), () => profiler.startProfiling('x'), () => profiler.warmUp()];
      const errors = uses.map((use) => codeOf(use).error);
      const { engine } = await profiler.writeHeapSnapshot();
      const { addon, capture } = profiler.capabilities();
      report({ codes: errors.map(({ code }) => code), engine, says: errors[0].message, loaded: addon.loaded, capture });
    },
    { env: { RS_PROFILER_NATIVE_DIR: folderWith(change) } },
  );
  const code = 'ERR_RS_PROFILER_UNSUPPORTED_NODE';
  expect(seen).toMatchObject({ codes: [code, code, code], engine: 'node', loaded: true, capture: { available: false } });
  expect(seen.says).toMatch(says);
  expect(seen.capture.reason).toBe(seen.says);
});
