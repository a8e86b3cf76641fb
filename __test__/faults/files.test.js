'use strict';

/** Files that a forked child cannot write, or not to their end: the error of the system, and nothing left. */

const fs = require('node:fs');

const { runServed, runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

const nothingLeft = { children: [], partial: [] };

test('an existing file is replaced, through a link too', async () => {
  const { whole, isLink, left, names } = await runServed(async ({ profiler, leftovers, outcome }) => {
    const fs = require('node:fs');
    fs.writeFileSync('old.heapsnapshot', 'old');
    fs.symlinkSync('old.heapsnapshot', 'link.heapsnapshot');
    await profiler.writeHeapSnapshot('link.heapsnapshot', { isolation: 'fork' });
    const { whole } = outcome.countsOfFile('old.heapsnapshot');
    const isLink = fs.lstatSync('link.heapsnapshot').isSymbolicLink();
    return { whole, isLink, left: leftovers(), names: fs.readdirSync('.').sort() };
  });
  expect({ whole, isLink, left }).toEqual({ whole: true, isLink: true, left: nothingLeft });
  expect(names).toEqual(['link.heapsnapshot', 'old.heapsnapshot']);
});

test('a full device, a folder that is missing', async () => {
  const { errors, isDevice, left, names, same } = await runServed(async ({ profiler, leftovers, outcome, processes }) => {
    const fs = require('node:fs');
    fs.symlinkSync('/dev/full', 'full');
    let before;
    const errors = [];
    for (const target of ['full', 'missing/a']) {
      for (const isolation of ['auto', 'fork']) {
        const { error } = await outcome.outcomeOf(profiler.writeHeapSnapshot(target, { isolation }));
        errors.push([error.code, error.syscall, error.isError]);
        // What is opened once is open now.
        before ??= processes.leftOpen();
      }
    }
    const same = before.join() === processes.leftOpen().join();
    const isDevice = fs.statSync('full').isCharacterDevice();
    return { errors, isDevice, left: leftovers(), names: fs.readdirSync('.'), same };
  });
  const [full, missing] = [['ENOSPC', 'write', true], ['ENOENT', 'open', true]];
  expect(errors).toEqual([full, full, missing, missing]);
  expect({ isDevice, left, names, same }).toEqual({ isDevice: true, left: nothingLeft, names: ['full'], same: true });
});

test('a file that may not grow stays as it was', async () => {
  const { errors, kept, left, names } = await runServedAlone(
    async ({ profiler, leftovers, outcome }) => {
      const fs = require('node:fs');
      fs.writeFileSync('a.heapsnapshot', 'old');
      const errors = [];
      for (const isolation of ['auto', 'fork']) {
        const { error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation }));
        errors.push([error.code, error.syscall]);
      }
      return { errors, kept: fs.readFileSync('a.heapsnapshot', 'utf8'), left: leftovers(), names: fs.readdirSync('.') };
    },
    { shell: 'ulimit -f 1024' },
  );
  expect(errors).toEqual([['EFBIG', 'write'], ['EFBIG', 'write']]);
  expect({ kept, left, names }).toEqual({ kept: 'old', left: nothingLeft, names: ['a.heapsnapshot'] });
});

test('a service that has changed its user: a folder it may not write, and one that it may', async () => {
  const folder = tempFolder();
  fs.chmodSync(folder, 0o777);
  const { errors, whole, isolation, left, names } = await runServedAlone(
    async ({ profiler, input, leftovers, outcome }) => {
      const fs = require('node:fs');
      // Loads all it needs before it becomes a user who may not be able to read the package.
      profiler.capabilities();
      process.chdir(input.folder);
      fs.mkdirSync('closed', { mode: 0o555 });
      if (process.getuid() === 0) process.setuid(65534);
      const errors = [];
      for (const isolation of ['auto', 'fork']) {
        const { error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('closed/a', { isolation }));
        errors.push([error.code, error.syscall]);
      }
      const { isolation } = await profiler.writeHeapSnapshot('a', { isolation: 'fork' });
      const { whole } = outcome.countsOfFile('a.heapsnapshot');
      return { errors, whole, isolation, left: leftovers(), names: [fs.readdirSync('.').sort(), fs.readdirSync('closed')] };
    },
    { input: { folder } },
  );
  expect(errors).toEqual([['EACCES', 'open'], ['EACCES', 'open']]);
  expect({ whole, isolation, left }).toEqual({ whole: true, isolation: 'fork', left: nothingLeft });
  expect(names).toEqual([['a.heapsnapshot', 'closed'], []]);
});
