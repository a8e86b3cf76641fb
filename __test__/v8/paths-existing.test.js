'use strict';

/** Files, links and folders as they are found, and what may not be written. Everything runs in children. */

const fs = require('node:fs');
const path = require('node:path');

const { runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');
const { tempFolder } = require('../helpers/temp-folder');
const checks = require('../helpers/outcome');
const writers = require('../helpers/writers');

/** Runs a function in a child; `require(input.writers).writersOf(profiler)` has the three calls. */
const inChild = (fn, { input, ...options } = {}, run = runTogether) =>
  run(fn, { ...options, input: { helpers: checks.file, writers: writers.file, ...input } });

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
      runClean,
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
    runClean,
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
      profiler.captureCpuProfile({ signal: AbortSignal.timeout(50), path }),
      profiler.captureSamplingHeapProfile({ signal: AbortSignal.timeout(100), path }),
      profiler.captureCpuProfile({ signal: AbortSignal.timeout(100) }),
    ];
    const results = await Promise.all(done);
    report([results.length, require('node:fs').readdirSync('.').sort()]);
  }, {}, runClean);
  expect(seen).toEqual([3, ['a.cpuprofile', 'a.heapprofile']]);
});
