'use strict';

/** Files that cannot be written, or not to their end: the error of the system, and nothing left. */

const fs = require('node:fs');
const { runUnharmed } = require('../helpers/service');
const { buildLimits } = require('../helpers/limits');
const { file: outcomes } = require('../helpers/outcome');
const { tempFolder } = require('../helpers/temp-folder');

let limits;
beforeAll(() => {
  limits = buildLimits(tempFolder());
});

test('every target that refuses', async () => {
  const open = tempFolder();
  fs.chmodSync(open, 0o777);
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.outcomes);
      profiler.capabilities();
      process.chdir(input.open);
      fs.mkdirSync('read-only');
      fs.chmodSync('read-only', 0o555);
      fs.writeFileSync('file', '');
      fs.symlinkSync('read-only', 'link');
      // Root may write everywhere.
      if (process.getuid() === 0) process.setgid(65534), process.setuid(65534);
      const before = processes.leftOpen();
      const targets = ['/dev/full', 'read-only/a.heapsnapshot', 'missing/a.heapsnapshot', 'file/a.heapsnapshot', 'link/a.heapsnapshot', 'x'.repeat(300)];
      const found = {};
      for (const target of targets) {
        for (const isolation of ['auto', 'fork']) {
          const { error, value } = await outcomeOf(profiler.writeHeapSnapshot(target, { isolation }));
          const outcome = error ? [error.code, error.syscall] : value;
          (found[target.slice(0, 30)] ??= []).push(outcome);
        }
      }
      const left = { ...leftovers(), ...leftovers('read-only'), names: fs.readdirSync('.').sort() };
      return { found, ...left, same: before.join() === processes.leftOpen().join() };
    },
    { input: { outcomes, open } },
  );
  const both = (...outcome) => [outcome, outcome];
  expect(result).toEqual({
    found: {
      '/dev/full': both('ENOSPC', 'write'),
      'read-only/a.heapsnapshot': both('EACCES', 'open'),
      'missing/a.heapsnapshot': both('ENOENT', 'open'),
      'file/a.heapsnapshot': both('ENOTDIR', 'open'),
      'link/a.heapsnapshot': both('EACCES', 'open'),
      ['x'.repeat(30)]: both('ENAMETOOLONG', 'open'),
    },
    children: [],
    partial: [],
    names: ['file', 'link', 'read-only'],
    same: true,
  });
});

test('a read-only root: no file, and streams go on', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.outcomes);
      const found = {};
      for (const isolation of ['auto', 'fork', 'inline']) {
        const { error, value } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation }));
        const stream = profiler.createHeapSnapshotStream({ isolation });
        let text = '';
        for await (const chunk of stream) text += chunk;
        found[isolation] = [error ? error.code : value, stream.isolation, JSON.parse(text).snapshot.node_count > 0];
      }
      const { error } = await outcomeOf(profiler.captureCpuProfile({ durationMs: 20, path: 'a.cpuprofile' }));
      return { found, cpu: error.code, ...leftovers(), names: fs.readdirSync('.') };
    },
    { input: { outcomes }, launcher: [limits, 'readonly', '--'] },
  );
  expect(result).toEqual({
    found: { auto: ['EROFS', 'fork', true], fork: ['EROFS', 'fork', true], inline: ['EROFS', 'inline', true] },
    cpu: 'EROFS',
    children: [],
    partial: [],
    names: [],
  });
});

test('a file-size limit, with a file of that name: it stays as it was, until a snapshot is complete', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs');
      const { outcomeOf, countsOfFile } = require(input.outcomes);
      const path = 'a.heapsnapshot';
      fs.writeFileSync(path, 'old', { mode: 0o644 });
      const { error } = await outcomeOf(profiler.writeHeapSnapshot(path, { isolation: 'fork' }));
      const kept = fs.readFileSync(path, 'utf8');
      require('node:child_process').execFileSync(input.limits, [`pid=${process.pid}`, 'fsize=1000000000']);
      await profiler.writeHeapSnapshot(path, { isolation: 'fork' });
      const mode = (fs.statSync(path).mode & 0o777).toString(8);
      return { code: error.code, kept, whole: countsOfFile(path).whole, mode, ...leftovers(), names: fs.readdirSync('.') };
    },
    { input: { outcomes, limits }, launcher: [limits, `fsize=${1 << 20}`, '--'] },
  );
  expect(result).toEqual({
    code: 'EFBIG', kept: 'old', whole: true, mode: '600', children: [], partial: [], names: ['a.heapsnapshot'],
  });
});

test('a descriptor above a hard limit that was lowered meanwhile is not left to the child', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.outcomes);
      profiler.capabilities();
      for (let count = 0; count < 100; count += 1) fs.openSync('/proc/self/status');
      require('node:child_process').execFileSync(input.limits, [`pid=${process.pid}`, 'hard', 'nofile=100']);
      for (let fd = 30; fd < 99; fd += 1) try { fs.closeSync(fd); } catch { /* It was not open. */ }
      const { error } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' }));
      const { value } = await outcomeOf(profiler.writeHeapSnapshot('b.heapsnapshot'));
      return { error: error.message, isolation: value.isolation, ...leftovers(), names: fs.readdirSync('.') };
    },
    { input: { outcomes, limits } },
  );
  expect(result).toEqual({
    error: expect.stringMatching(/in attempt 1: the child could not be separated from the service: Bad file descriptor/), isolation: 'inline',
    children: [], partial: [], names: ['b.heapsnapshot'],
  });
});

test('a write that fails half-way leaves nothing', async () => {
  // The limit ends each capture somewhere else in its text.
  const ends = [1, 70000, 1 << 21].map(async (fsize) => {
    const result = await runUnharmed(
      async ({ profiler, input, leftovers }) => {
        const { outcomeOf } = require(input.outcomes);
        const codes = [];
        for (const isolation of ['auto', 'fork']) {
          codes.push((await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot', { isolation }))).error.code);
        }
        return { codes, ...leftovers(), names: require('node:fs').readdirSync('.') };
      },
      { input: { outcomes }, launcher: [limits, `fsize=${fsize}`, '--'] },
    );
    expect(result).toEqual({ codes: ['EFBIG', 'EFBIG'], children: [], partial: [], names: [] });
  });
  await Promise.all(ends);
});
