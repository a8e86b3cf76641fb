'use strict';

/** writeHeapSnapshot when the file cannot be written, or nobody wants it any more. */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const { runClean } = require('../helpers/child');
const { ISOLATIONS, inIsolation } = require('../helpers/isolations');
const { testIf } = require('../helpers/needs');
const { runTogether } = require('../helpers/together');
const { tempFolder } = require('../helpers/temp-folder');
const checks = require('../helpers/outcome');

const childOf = (isolation) => (fn, input) => runTogether(inIsolation(isolation, fn), { input: { helpers: checks.file, ...input } });

describe.each(ISOLATIONS)('writeHeapSnapshot, %s, to where it cannot write', (isolation) => {
  const inChild = childOf(isolation);

  test.each([
    ['missing/a', 'ENOENT'],
    ['missing/', 'ENOENT'],
    ['file/a', 'ENOTDIR'],
    ['x'.repeat(300), 'ENAMETOOLONG'],
  ])('%p rejects with %s, its path and system call, and leaves nothing', async (target, code) => {
    const { error, listed, expected } = await inChild(
      async ({ profiler, report, input }) => {
        const fs = require('node:fs');
        fs.writeFileSync('file', '');
        const { error } = await require(input.helpers).outcomeOf(profiler.writeHeapSnapshot(input.target));
        report({ error, listed: fs.readdirSync('.'), expected: require('node:path').resolve(input.target) });
      },
      { target },
    );
    expect(error).toMatchObject({ name: 'Error', code, syscall: 'open', isError: true });
    expect(error.message).toMatch(new RegExp(`^${code}: .+, open '`));
    expect(error.path.startsWith(expected)).toBe(true);
    expect(listed).toEqual(['file']);
  });

  test('a folder without permission rejects with EACCES', async () => {
    const folder = tempFolder();
    fs.chmodSync(folder, 0o555);
    const error = await runClean(
      async ({ profiler, report, input }) => {
        const { outcomeOf } = require(input.helpers);
        // Loads all it needs before it becomes a user who may not be able to read the package.
        await profiler.writeHeapSnapshot('first');
        if (process.getuid() === 0) process.setuid(65534);
        report((await outcomeOf(profiler.writeHeapSnapshot(input.folder))).error);
      },
      { input: { helpers: checks.file, folder } },
    );
    expect(error).toMatchObject({ code: 'EACCES', syscall: 'open' });
    expect(path.dirname(error.path)).toBe(folder);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('a file that may not grow rejects with EFBIG, and the next one is written', async () => {
    const folder = tempFolder();
    const script = path.join(folder, 'script.js');
    fs.writeFileSync(
      script,
      `const { outcomeOf } = require(${JSON.stringify(checks.file)});
       const profiler = require(${JSON.stringify(require.resolve('../..'))});
       const report = async (...args) => console.log(JSON.stringify(await outcomeOf(profiler.writeHeapSnapshot(...args))));
       report('big.heapsnapshot');`,
    );
    // Node ignores SIGXFSZ, so that the limit is an error of write(). A block is 512 or 1024 bytes.
    const command = 'ulimit -f 1024 && exec "$0" script.js';
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command, process.execPath], { cwd: folder });
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: 'EFBIG', syscall: 'write', path: path.join(folder, 'big.heapsnapshot'), isError: true });
    expect(error.message).toBe(`EFBIG: file too large, write '${path.join(folder, 'big.heapsnapshot')}'`);
    expect(fs.readdirSync(folder)).toEqual(['script.js']);
  });

  testIf(fs.existsSync('/dev/full'), 'there is no /dev/full')('a full device rejects with ENOSPC and stays what it is', async () => {
    const { error, isDevice, listed } = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      fs.symlinkSync('/dev/full', 'full');
      const { error } = await require(input.helpers).outcomeOf(profiler.writeHeapSnapshot('full'));
      const isDevice = fs.lstatSync('full').isSymbolicLink() && fs.statSync('full').isCharacterDevice();
      report({ error, isDevice, listed: fs.readdirSync('.') });
    });
    expect(error).toMatchObject({ code: 'ENOSPC', syscall: 'write', isError: true });
    expect({ isDevice, listed }).toEqual({ isDevice: true, listed: ['full'] });
  });

  test('goes on working after failures', async () => {
    const whole = await inChild(async ({ profiler, report, input }) => {
      const { countsOfFile, outcomeOf } = require(input.helpers);
      for (let i = 0; i < 5; i++) await outcomeOf(profiler.writeHeapSnapshot('missing/a'));
      await profiler.writeHeapSnapshot('a.heapsnapshot');
      report(countsOfFile('a.heapsnapshot').whole);
    });
    expect(whole).toBe(true);
  });
});

describe.each(ISOLATIONS)('writeHeapSnapshot, %s, with a signal', (isolation) => {
  const inChild = childOf(isolation);

  test.each(['before', 'during walk', 'during write', 'soon after the call'])('aborted %s, it rejects and leaves nothing', async (when) => {
    const { error, sameReason, listed, listeners, walked } = await inChild(
      async ({ profiler, report, input }) => {
        const { outcomeOf } = require(input.helpers);
        const controller = new AbortController();
        const { signal } = controller;
        const reason = new Error('enough');
        let walked = false;
        const onProgress = ({ phase }) => {
          walked = true;
          if (input.when === `during ${phase}`) controller.abort(reason);
        };
        if (input.when === 'before') controller.abort(reason);
        const writing = outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { signal, onProgress }));
        if (input.when === 'soon after the call') setTimeout(() => controller.abort(reason), 1);
        const { error } = await writing;
        const listeners = require('node:events').getEventListeners(signal, 'abort').length;
        const listed = require('node:fs').readdirSync('.');
        report({ error, sameReason: error.cause === reason, listed, listeners, walked });
      },
      { when },
    );
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', isError: true });
    expect(sameReason).toBe(true);
    expect(listed).toEqual([]);
    expect(listeners).toBe(0);
    if (when !== 'soon after the call') expect(walked).toBe(when !== 'before');
  });

  test('aborted afterwards, nothing happens', async () => {
    const { whole, listeners } = await inChild(async ({ profiler, report, input }) => {
      const controller = new AbortController();
      await profiler.writeHeapSnapshot('a.heapsnapshot', { signal: controller.signal });
      const listeners = require('node:events').getEventListeners(controller.signal, 'abort').length;
      controller.abort();
      await new Promise(setImmediate);
      report({ whole: require(input.helpers).countsOfFile('a.heapsnapshot').whole, listeners });
    });
    expect({ whole, listeners }).toEqual({ whole: true, listeners: 0 });
  });
});

describe.each(ISOLATIONS)('writeHeapSnapshot, %s, whose onProgress throws', (isolation) => {
  const inChild = childOf(isolation);

  test.each(['walk', 'write'])('in phase %s rejects with that very error and leaves nothing', async (phase) => {
    const { same, calls, listed } = await inChild(
      async ({ profiler, report, input }) => {
        const thrown = new RangeError('from the test');
        let calls = 0;
        const onProgress = ({ phase }) => {
          if (phase !== input.phase) return;
          calls++;
          throw thrown;
        };
        const caught = await profiler.writeHeapSnapshot('a.heapsnapshot', { onProgress }).catch((error) => error);
        report({ same: caught === thrown, calls, listed: require('node:fs').readdirSync('.') });
      },
      { phase },
    );
    expect({ same, calls, listed }).toEqual({ same: true, calls: 1, listed: [] });
  });
});
