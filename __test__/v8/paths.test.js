'use strict';

/** Where the three calls that write files put them: one rule for all. Everything runs in children. */

const { runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');
const checks = require('../helpers/outcome');
const writers = require('../helpers/writers');

/** Runs a function in a child; `require(input.writers).writersOf(profiler)` has the three calls. */
const inChild = (fn, { input, ...options } = {}, run = runTogether) =>
  run(fn, { ...options, input: { helpers: checks.file, writers: writers.file, ...input } });

describe('the name of the file', () => {
  test('gets the extension of its kind when it has none, and keeps any that it has', async () => {
    const { paths, listed } = await inChild(async ({ profiler, report, input }) => {
      const path = require('node:path');
      const paths = [];
      for (const [, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        for (const name of ['dumps', 'with.ext', 'v1.2/dots', '.hidden']) {
          require('node:fs').mkdirSync('v1.2', { recursive: true });
          paths.push(path.relative('.', (await write(name)).path));
        }
      }
      const listed = [...require('node:fs').readdirSync('.'), ...require('node:fs').readdirSync('v1.2')];
      report({ paths, listed: listed.sort() });
    });
    const named = (extension) => [`dumps.${extension}`, 'with.ext', `v1.2/dots.${extension}`, `.hidden.${extension}`];
    const kinds = ['heapsnapshot', 'cpuprofile', 'heapprofile'];
    expect(paths).toEqual(kinds.flatMap(named));
    const own = (name) => kinds.map((extension) => `${name}.${extension}`);
    expect(listed).toEqual([...own('dumps'), ...own('dots'), ...own('.hidden'), 'with.ext', 'v1.2'].sort());
  });

  test('is made up in a folder, and in `dir`, which is made for its owner alone', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const path = require('node:path');
      process.umask(0);
      fs.mkdirSync('there');
      const seen = [];
      for (const [extension, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        const made = `made-${extension}/deeper`;
        const { path: inFolder } = await write('there');
        const { path: inDir } = await write(undefined, { dir: made });
        const { path: inOther } = await write(undefined, { dir: path.resolve('there') });
        const modes = [made, path.dirname(made)].map((folder) => fs.statSync(folder).mode & 0o777);
        const written = [inFolder, inDir, inOther].every((file) => fs.existsSync(file) && path.extname(file) === `.${extension}`);
        const folders = [inFolder, inDir, inOther].map((file) => path.relative('.', path.dirname(file)));
        seen.push([written, folders, folders[1] === made, modes]);
      }
      report(seen);
    });
    expect(seen.map(([written, [first, , third], inMade, modes]) => [written, first, third, inMade, modes])).toEqual(
      Array(3).fill([true, 'there', 'there', true, [0o700, 0o700]]),
    );
  });

  test('cannot be given beside `dir`', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const { outcomeOf } = require(input.helpers);
      const seen = [];
      for (const [, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        seen.push((await outcomeOf(write('a', { dir: 'made' }))).error.code);
      }
      report([seen, require('node:fs').readdirSync('.')]);
    });
    expect(seen).toEqual([Array(3).fill('ERR_RS_PROFILER_INVALID_ARGUMENT'), []]);
  });

  test('may be 255 bytes long, and no UTF-8', async () => {
    const { long, odd } = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const [long, odd] = [[], []];
      for (const [extension, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        const name = `${'n'.repeat(254 - extension.length)}.${extension}`;
        const [whole, bare] = [(await write(name)).path, (await write(extension[0].repeat(255))).path];
        long.push([fs.existsSync(name) && whole.endsWith(name), fs.existsSync(bare)]);
        const bytes = Buffer.concat([Buffer.from(extension), Buffer.from([0xff, 0x2e, 0xfe])]);
        await write(bytes);
        odd.push(fs.readdirSync('.', { encoding: 'buffer' }).some((found) => found.equals(bytes)));
        fs.unlinkSync(bytes);
      }
      report({ long, odd });
    });
    expect({ long, odd }).toEqual({ long: Array(3).fill([true, true]), odd: Array(3).fill(true) });
  });

  test('is that of the folder at the time of the call', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      fs.mkdirSync('later');
      const { heapprofile, ...others } = require(input.writers).writersOf(profiler);
      const writing = [heapprofile('a')];
      for (const write of Object.values(others)) writing.push(write('a'), write(undefined, { dir: 'd' }));
      process.chdir('later');
      await Promise.all(writing);
      report([fs.readdirSync('.'), fs.readdirSync('..').sort(), fs.readdirSync('../d').length]);
    });
    expect(seen).toEqual([[], ['a.cpuprofile', 'a.heapprofile', 'a.heapsnapshot', 'd', 'later'], 2]);
  });
});

describe('the file is opened first', () => {
  test.each([
    ['missing/a', 'ENOENT'],
    ['file/a', 'ENOTDIR'],
    ['folder.x/', 'ENOENT'],
    ['', 'ENOENT'],
    ['loop', 'ELOOP'],
  ])('%p rejects with %s before anything is recorded', async (target, code) => {
    const seen = await inChild(
      async ({ profiler, report, input }) => {
        const fs = require('node:fs');
        fs.writeFileSync('file', '');
        fs.symlinkSync('loop', 'loop');
        const { outcomeOf } = require(input.helpers);
        const onProgress = () => {
          throw new Error('recorded');
        };
        const hour = { durationMs: 3600000, path: input.target, onProgress };
        const outcomes = [
          await outcomeOf(profiler.writeHeapSnapshot(input.target, { onProgress })),
          await outcomeOf(profiler.captureCpuProfile(hour)),
          await outcomeOf(profiler.captureSamplingHeapProfile(hour)),
        ];
        report([outcomes.map(({ error }) => [error.code, error.syscall, error.isError]), fs.readdirSync('.').sort()]);
      },
      { input: { target } },
    );
    expect(seen).toEqual([Array(3).fill([code, 'open', true]), ['file', 'loop']]);
  });

  test('a folder of that name rejects with EISDIR, and `dir` that cannot be made with its own error', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.helpers);
      fs.writeFileSync('file', '');
      const seen = [];
      for (const [extension, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        fs.mkdirSync(`a.${extension}`);
        const errors = [await outcomeOf(write('a')), await outcomeOf(write(undefined, { dir: 'file/sub' }))];
        seen.push(errors.map(({ error }) => [error.code, error.isError]));
      }
      report(seen);
    });
    expect(seen).toEqual(Array(3).fill([['EISDIR', true], ['ENOTDIR', true]]));
  });

  test('while something is recorded there is a temporary file, and none after an abort or an exit', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const { outcomeOf } = require(input.helpers);
      const seen = [];
      for (const name of ['captureCpuProfile', 'captureSamplingHeapProfile']) {
        const controller = new AbortController();
        const captured = profiler[name]({ durationMs: 3600000, path: 'a', signal: controller.signal });
        seen.push(fs.readdirSync('.').length);
        controller.abort();
        seen.push((await outcomeOf(captured)).error.code, fs.readdirSync('.').length);
      }
      const running = profiler.captureSamplingHeapProfile({ durationMs: 3600000, path: 'a' });
      seen.push((await outcomeOf(profiler.captureSamplingHeapProfile({ durationMs: 5, path: 'b' }))).error.code);
      seen.push(fs.readdirSync('.').length, Boolean(running));
      process.on('exit', () => report([...seen, fs.readdirSync('.').length, process.listenerCount('exit')]));
      profiler.captureCpuProfile({ durationMs: 3600000, path: 'c' });
      process.exit();
    }, {}, runClean);
    const busy = 'ERR_RS_PROFILER_BUSY';
    expect(seen.slice(0, -2)).toEqual([1, 'ABORT_ERR', 0, 1, 'ABORT_ERR', 0, busy, 1, true]);
    expect(seen.slice(-2)).toEqual([0, 1]);
  });
});
