'use strict';

/**
 * A native folder in which something is missing: require works; what Node's own parts cannot do says what to do. What they can do
 * is in __test__/v8/fallback.test.js.
 */

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');
const { SHIPPED } = require('../../lib/native/nodes');
const { runClean } = require('../helpers/child');
const { testIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');

const { addon, capture } = profiler.capabilities();
const shimName = path.basename(capture.shim);
const otherShim = fs
  .readdirSync(path.dirname(capture.shim))
  .find((name) => /^v8-shim\.abi\d+\.so$/.test(name) && name !== shimName);

/** What the package does with a native folder: loading, captures of every kind, capabilities. */
async function facts(folder) {
  return runClean(
    async ({ profiler, heapdump, codeOf, report }) => {
      const failing = {
        takeSnapshot: () => profiler.takeSnapshot(),
        startProfiling: () => profiler.startProfiling('x'),
        startSamplingHeapProfiling: () => profiler.startSamplingHeapProfiling(),
        startTrackingHeapObjects: () => profiler.startTrackingHeapObjects(),
        getHeapObjectId: () => profiler.getHeapObjectId({}),
        warmUp: () => profiler.warmUp(),
      };
      const rejecting = {
        callerLineNumbers: () => profiler.captureCpuProfile({ durationMs: 5, path: 'a', mode: 'callerLineNumbers' }),
      };
      const errors = {};
      for (const [name, fn] of Object.entries(failing)) errors[name] = codeOf(fn).error;
      for (const [name, fn] of Object.entries(rejecting)) {
        errors[name] = await fn().then(
          () => 'resolved',
          ({ name, code, message }) => ({ name, code, message }),
        );
      }
      let dump;
      const dumped = codeOf(() => heapdump.writeSnapshot('a.heapsnapshot', (error) => (dump = error && error.message)));
      const registries = [Object.keys(profiler.profiles).length, Object.keys(profiler.snapshots).length];
      const { addon, capture, isolation } = profiler.capabilities();
      report({
        keys: Object.keys(profiler).length,
        registries,
        codes: [...new Set(Object.values(errors).map((error) => error && error.code))],
        messages: [...new Set(Object.values(errors).map((error) => error && error.message))],
        unnamed: profiler.stopProfiling('nobody') === undefined,
        dumped: Boolean(dump || dumped.error),
        files: require('fs').readdirSync('.'),
        addon,
        capture,
        inline: isolation.inline,
      });
    },
    { env: { RS_PROFILER_NATIVE_DIR: folder } },
  );
}

function expectWellBehaved(seen) {
  expect(seen.keys).toBe(Object.keys(profiler).length);
  expect(seen.registries).toEqual([0, 0]);
  expect(seen.unnamed).toBe(true);
  expect(seen.dumped).toBe(true);
  expect(seen.files).toEqual([]);
  expect(seen.capture.available).toBe(false);
  expect(seen.inline.available).toBe(true);
  for (const text of [seen.capture.reason, ...seen.messages]) {
    expect(text).toMatch(/npm run setup|build-shim`/);
  }
}

describe('without native parts', () => {
  test('an empty folder: ERR_RS_PROFILER_NATIVE_MISSING', async () => {
    const seen = await facts(tempFolder());
    expectWellBehaved(seen);
    expect(seen.codes).toEqual(['ERR_RS_PROFILER_NATIVE_MISSING']);
    expect(seen.addon.loaded).toBe(false);
    expect(seen.addon.reason).toMatch(/\w+ \w+/);
  });

  test('a folder that does not exist: the same', async () => {
    const seen = await facts(path.join(tempFolder(), 'nowhere'));
    expectWellBehaved(seen);
    expect(seen.codes).toEqual(['ERR_RS_PROFILER_NATIVE_MISSING']);
  });

  test('an addon that is no library: the same', async () => {
    const folder = tempFolder();
    fs.writeFileSync(path.join(folder, path.basename(addon.path)), 'not a library');
    const seen = await facts(folder);
    expectWellBehaved(seen);
    expect(seen.codes).toEqual(['ERR_RS_PROFILER_NATIVE_MISSING']);
  });

  test('another package\'s addon: the same', async () => {
    // Node loads a folder of this name too, which does for an addon that exports something else.
    const folder = tempFolder();
    fs.mkdirSync(path.join(folder, path.basename(addon.path)));
    fs.writeFileSync(path.join(folder, path.basename(addon.path), 'index.js'), 'exports.parse = () => {};');
    const seen = await facts(folder);
    expectWellBehaved(seen);
    expect([seen.codes, seen.addon.loaded]).toEqual([['ERR_RS_PROFILER_NATIVE_MISSING'], false]);
    expect(seen.addon.reason).toBe('it is not the addon of rs-profiler');
  });
});

describe('without a shim for this Node', () => {
  /** A folder that holds the addon alone. */
  function folderWithAddon() {
    const folder = tempFolder();
    fs.copyFileSync(addon.path, path.join(folder, path.basename(addon.path)));
    return folder;
  }

  function expectUnsupported(seen) {
    expectWellBehaved(seen);
    expect(seen.codes).toEqual(['ERR_RS_PROFILER_UNSUPPORTED_NODE']);
    expect(seen.addon.loaded).toBe(true);
  }

  test('the addon alone: ERR_RS_PROFILER_UNSUPPORTED_NODE', async () => {
    const seen = await facts(folderWithAddon());
    expectUnsupported(seen);
    expect(seen.messages.join()).toContain(process.version);
    // There is none that has a shim.
    expect(seen.messages.join()).not.toContain('or use Node');
  });

  testIf(otherShim, 'there is no shim of another ABI')('the shim of another Node: the message names that one', async () => {
    const folder = folderWithAddon();
    fs.copyFileSync(path.join(path.dirname(capture.shim), otherShim), path.join(folder, otherShim));
    const seen = await facts(folder);
    expectUnsupported(seen);
    const { major } = SHIPPED.find(({ abi }) => otherShim === `v8-shim.abi${abi}.so`);
    expect(seen.capture.reason).toContain(`, or use Node ${major}:`);
  });

  test('a shim that is no library: the same', async () => {
    const folder = folderWithAddon();
    fs.writeFileSync(path.join(folder, shimName), 'not a library');
    expectUnsupported(await facts(folder));
  });

  testIf(otherShim, 'there is no shim of another ABI')('the shim of another ABI under the name of this one: refused', async () => {
    const folder = folderWithAddon();
    fs.copyFileSync(path.join(path.dirname(capture.shim), otherShim), path.join(folder, shimName));
    const seen = await facts(folder);
    expectUnsupported(seen);
    const abi = /abi(\d+)/.exec(otherShim)[1];
    expect(seen.messages.join()).toContain(abi);
  });

  test('the addon and the right shim elsewhere: everything works', async () => {
    const folder = folderWithAddon();
    fs.copyFileSync(capture.shim, path.join(folder, shimName));
    const seen = await runClean(
      ({ profiler, report }) => {
        const { capture } = profiler.capabilities();
        report([capture.available, capture.shim, profiler.takeSnapshot('S').title]);
      },
      { env: { RS_PROFILER_NATIVE_DIR: folder } },
    );
    expect(seen).toEqual([true, path.join(folder, shimName), 'S']);
  });
});
