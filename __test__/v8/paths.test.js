'use strict';

/** Where the three calls that write files put them: one rule for all. Everything runs in children. */

const fs = require('node:fs');
const path = require('node:path');

const { runClean } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const checks = require('../helpers/outcome');
const writers = require('../helpers/writers');

/** Runs a function in a child; `require(input.writers).writersOf(profiler)` has the three calls. */
const inChild = (fn, options) =>
  runClean(fn, { ...options, input: { helpers: checks.file, writers: writers.file, ...options?.input } });

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
    });
    const busy = 'ERR_RS_PROFILER_BUSY';
    expect(seen.slice(0, -2)).toEqual([1, 'ABORT_ERR', 0, 1, 'ABORT_ERR', 0, busy, 1, true]);
    expect(seen.slice(-2)).toEqual([0, 1]);
  });
});

describe('what lies there already', () => {
  test('links stay links, and what they name is made or replaced', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      fs.mkdirSync('volume');
      const seen = [];
      for (const [extension, write] of Object.entries(require(input.writers).writersOf(profiler))) {
        fs.symlinkSync(`${extension}-second`, `${extension}-first`);
        fs.symlinkSync(require('node:path').resolve('volume', extension), `${extension}-second`);
        const sizes = [];
        for (let round = 0; round < 2; round++) {
          await write(`${extension}-first`);
          sizes.push(fs.statSync(`volume/${extension}`).size > 0);
          fs.writeFileSync(`volume/${extension}`, '');
        }
        const links = ['first', 'second'].map((name) => fs.lstatSync(`${extension}-${name}`).isSymbolicLink());
        seen.push([sizes, links]);
      }
      report([seen, fs.readdirSync('volume').sort()]);
    });
    const each = [[true, true], [true, true]];
    expect(seen).toEqual([Array(3).fill(each), ['cpuprofile', 'heapprofile', 'heapsnapshot']]);
  });

  test('a file in a folder that takes no other is written itself: kept until then, emptied on failure', async () => {
    const folder = tempFolder();
    const file = path.join(folder, 'a.heapsnapshot');
    fs.writeFileSync(file, 'old');
    fs.chmodSync(file, 0o666);
    fs.chmodSync(folder, 0o555);
    const seen = await inChild(
      async ({ profiler, report, input }) => {
        const fs = require('node:fs');
        const { countsOfFile, outcomeOf } = require(input.helpers);
        // Loads all it needs before it becomes a user who may not be able to read the package.
        await profiler.writeHeapSnapshot('first');
        await profiler.captureCpuProfile({ durationMs: 5 });
        if (process.getuid() === 0) process.setuid(65534);
        const seen = [];
        const abortIn = async (wanted) => {
          const controller = new AbortController();
          const { signal } = controller;
          const onProgress = ({ phase }) => phase === wanted && controller.abort();
          seen.push((await outcomeOf(profiler.writeHeapSnapshot(input.file, { signal, onProgress }))).error.code);
        };
        await abortIn('walk');
        seen.push(fs.readFileSync(input.file, 'utf8'));
        await profiler.writeHeapSnapshot(input.file);
        seen.push(countsOfFile(input.file).whole);
        const both = [profiler.writeHeapSnapshot(input.file), profiler.writeHeapSnapshot(input.file)].map(outcomeOf);
        seen.push((await Promise.all(both)).map(({ error }) => (error ? error.code : 'written')));
        seen.push(countsOfFile(input.file).whole);
        await abortIn('write');
        seen.push(fs.readFileSync(input.file, 'utf8').length);
        seen.push((await outcomeOf(profiler.writeHeapSnapshot(input.file + '2.x'))).error.code);
        report(seen);
      },
      { input: { file } },
    );
    expect(seen).toEqual(['ABORT_ERR', 'old', true, ['written', 'EBUSY'], true, 'ABORT_ERR', 0, 'EACCES']);
    expect(fs.readdirSync(folder)).toEqual(['a.heapsnapshot']);
  });

  test('temporary files of others are no obstacle and stay', async () => {
    const seen = await inChild(async ({ profiler, report, input }) => {
      const fs = require('node:fs');
      const writers = Object.entries(require(input.writers).writersOf(profiler));
      const left = writers.flatMap(([extension]) => [`a.${extension}.partial`, `a.${extension}.${process.pid}-0.partial`]);
      for (const name of left) fs.writeFileSync(name, 'of others');
      for (const [, write] of writers) await write('a');
      const whole = writers.every(([extension]) => fs.statSync(`a.${extension}`).size > 100);
      report([whole, left.every((name) => fs.readFileSync(name, 'utf8') === 'of others'), fs.readdirSync('.').length]);
    });
    expect(seen).toEqual([true, true, 9]);
  });
});

test('in a working directory that was deleted, relative paths are ENOENT and absolute ones work', async () => {
  const folder = tempFolder();
  const seen = await inChild(
    async ({ profiler, heapdump, report, input }) => {
      const fs = require('node:fs');
      const path = require('node:path');
      const { outcomeOf } = require(input.helpers);
      const writers = Object.values(require(input.writers).writersOf(profiler));
      const gone = fs.mkdtempSync(path.join(input.folder, 'gone-'));
      const home = process.cwd();
      process.chdir(gone);
      fs.rmdirSync(gone);
      const codes = [];
      for (const write of writers) {
        for (const args of [['a'], ['./'], [undefined, { dir: 'd' }], [path.join(input.folder, 'a')]]) {
          const { error } = await outcomeOf(write(...args));
          codes.push(error ? error.code : 'written');
        }
      }
      codes.push((await outcomeOf(profiler.writeHeapSnapshot())).error.code);
      heapdump.writeSnapshot('a', (error) => codes.push(error.code, error instanceof Error));
      heapdump.writeSnapshot(path.join(input.folder, 'b'), (error) => codes.push(error));
      process.chdir(home);
      report(codes);
    },
    { input: { folder } },
  );
  const each = ['ENOENT', 'ENOENT', 'ENOENT', 'written'];
  expect(seen).toEqual([...each, ...each, ...each, 'ENOENT', 'ENOENT', true, null]);
  expect(fs.readdirSync(folder).sort()).toEqual(['a.cpuprofile', 'a.heapprofile', 'a.heapsnapshot', 'b']);
});

test('what the permission model forbids is refused, and nothing is written', async () => {
  const [allowed, denied] = [tempFolder(), tempFolder()];
  const major = Number(process.versions.node.split('.')[0]);
  // Node 18 has no permission model.
  if (major < 20) return;
  const nodeArgs = [
    process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${allowed}${path.sep}*`,
    ...(process.allowedNodeEnvironmentFlags.has('--allow-addons') ? ['--allow-addons'] : []),
    '--no-warnings',
  ];
  const seen = await inChild(
    async ({ profiler, heapdump, report, input }) => {
      const path = require('node:path');
      const { allowed, denied } = input;
      const seen = [];
      for (const write of Object.values(require(input.writers).writersOf(profiler))) {
        await write(path.join(allowed, 'a'));
        for (const args of [[path.join(denied, 'a')], [denied], [undefined, { dir: path.join(denied, 'd') }]]) {
          const error = await write(...args).then(() => ({}), (caught) => caught);
          const { code, permission, resource } = error;
          seen.push([code, permission, String(resource).startsWith(denied), error instanceof Error]);
        }
      }
      heapdump.writeSnapshot(path.join(denied, 'b'), (error) => seen.push(error.code));
      try {
        heapdump.configure({ dir: denied });
      } catch (error) {
        seen.push(error.code);
      }
      // Reports go to a descriptor that is open: that is allowed.
      report(seen);
    },
    { nodeArgs, input: { allowed, denied } },
  );
  const refused = ['ERR_ACCESS_DENIED', 'FileSystemWrite', true, true];
  expect(seen).toEqual([...Array(9).fill(refused), 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED']);
  expect(fs.readdirSync(allowed).sort()).toEqual(['a.cpuprofile', 'a.heapprofile', 'a.heapsnapshot']);
  expect(fs.readdirSync(denied)).toEqual([]);
});

test('a capture that only a signal ends keeps the process alive until its file is written', async () => {
  const seen = await inChild(async ({ profiler, report }) => {
    const path = 'a';
    const done = [
      profiler.captureCpuProfile({ signal: AbortSignal.timeout(100), path }),
      profiler.captureSamplingHeapProfile({ signal: AbortSignal.timeout(100), path }),
      profiler.captureCpuProfile({ signal: AbortSignal.timeout(100) }),
    ];
    const results = await Promise.all(done);
    report([results.length, require('node:fs').readdirSync('.').sort()]);
  });
  expect(seen).toEqual([3, ['a.cpuprofile', 'a.heapprofile']]);
});
