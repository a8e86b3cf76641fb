'use strict';

/** heapdump's API. Everything runs in children: the signal handler and the current directory belong to a process. */

const fs = require('node:fs');
const path = require('node:path');

const { run, runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');
const { tempFolder } = require('../helpers/temp-folder');

const DEFAULT_NAME = /^heapdump-\d+\.\d+\.heapsnapshot$/;
const dumps = (files) => Object.keys(files).filter((name) => name.endsWith('.heapsnapshot'));

describe('writeSnapshot', () => {
  test('is the only exported key', async () => {
    const seen = await runTogether(({ heapdump, report }) => {
      report([Object.keys(heapdump), heapdump.writeSnapshot.length]);
    });
    expect(seen).toEqual([['writeSnapshot'], 2]);
  });

  test('writes a file in one go, calls back with the name as given, and returns true', async () => {
    const report = await runTogether(({ heapdump, report }) => {
      const { writeSnapshot } = heapdump;
      const calls = [];
      const returned = writeSnapshot('a.heapsnapshot', (...args) => calls.push(args));
      const parsed = JSON.parse(require('fs').readFileSync('a.heapsnapshot', 'utf8'));
      const again = writeSnapshot('b.heapsnapshot');
      const { node_count: nodes, meta } = parsed.snapshot;
      report({ returned, calls, again, complete: parsed.nodes.length === nodes * meta.node_fields.length });
    });
    expect(report).toEqual({ returned: true, calls: [[null, 'a.heapsnapshot']], again: true, complete: true });
  });

  test('makes a name of its own for what is no string, in the current directory', async () => {
    const { calls, listed } = await runTogether(({ heapdump, report }) => {
      const calls = [];
      const note = (...args) => calls.push(args);
      heapdump.writeSnapshot(note);
      for (const name of [undefined, {}]) heapdump.writeSnapshot(name, note);
      report({ calls, listed: require('fs').readdirSync('.').sort() });
    });
    expect(calls).toHaveLength(3);
    expect(calls.every(([error]) => error === null)).toBe(true);
    const names = calls.map(([, name]) => name);
    for (const name of names) expect(name).toMatch(DEFAULT_NAME);
    expect(listed).toEqual([...names].sort());
  });

  test('reports a failure once, before it returns false', async () => {
    const report = await runTogether(({ heapdump, report }) => {
      const calls = [];
      const target = 'no/such/folder/a.heapsnapshot';
      const returned = heapdump.writeSnapshot(target, (...args) => calls.push([args.length, args[0].message]));
      const silent = heapdump.writeSnapshot(target);
      const empty = heapdump.writeSnapshot('', (error) => calls.push(['empty', error.message]));
      report({ returned, calls, silent, empty, listed: require('fs').readdirSync('.') });
    });
    expect(report).toEqual({
      returned: false,
      calls: [
        [1, 'heapdump write error ENOENT'],
        ['empty', 'heapdump write error ENOENT'],
      ],
      silent: false,
      empty: false,
      listed: [],
    });
  });

  test('takes a truthy callback that is no function as an error, and passes on what a callback throws, after writing', async () => {
    const { wrong, failed, listed } = await runTogether(({ heapdump, codeOf, report }) => {
      const failing = () => {
        throw new RangeError('from the callback');
      };
      const wrong = codeOf(() => heapdump.writeSnapshot('a.heapsnapshot', 'text')).error;
      const failed = codeOf(() => heapdump.writeSnapshot('b.heapsnapshot', failing)).error.message;
      report({ wrong, failed, listed: require('fs').readdirSync('.').sort() });
    });
    expect([wrong.name, wrong.message]).toEqual(['TypeError', 'cb is not a function']);
    expect(failed).toBe('from the callback');
    expect(listed).toEqual(['a.heapsnapshot', 'b.heapsnapshot']);
  });
});

/**
 * Sends SIGUSR2 to itself, waits until all listeners have heard it, and until there is a dump in `input.folder`, or for a while if
 * there shall be none. Reports the names of the dumps.
 */
async function signalSelf({ heapdump, report, sleep, input }) {
  const fs = require('fs');
  const { folder = '.', settings, none = false } = input || {};
  fs.mkdirSync(folder, { recursive: true });
  if (settings) heapdump.configure(settings);
  let heard = 0;
  process.on('SIGUSR2', () => heard++);
  process.kill(process.pid, 'SIGUSR2');
  // One that is being written has another name.
  const complete = () => fs.readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot'));
  while (!heard || (!none && complete().length === 0)) await sleep(5);
  await sleep(none ? 200 : 20);
  report({ names: complete(), heard });
  process.removeAllListeners('SIGUSR2');
}

describe('SIGUSR2', () => {
  test('writes one dump of the default name; listeners of the program hear it as well', async () => {
    const { code, signal, stderr, report } = await run(signalSelf);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
    expect(report.names).toEqual([expect.stringMatching(DEFAULT_NAME)]);
    expect(report.heard).toBe(1);
  });

  test('does not keep the process alive', async () => {
    expect(await runClean(({ heapdump, report }) => report(typeof heapdump.writeSnapshot))).toBe('function');
  });

  test.each([
    ['missing', 'ENOENT'],
    ['file', 'ENOTDIR'],
  ])('tells by a warning that it cannot write to %p, where heapdump is silent', async (dir, code) => {
    const { code: exit, report, files } = await run(
      async ({ heapdump, report, sleep }) => {
        require('fs').writeFileSync('file', '');
        const warned = new Promise((resolve) => process.on('warning', resolve));
        process.kill(process.pid, heapdump && 'SIGUSR2');
        const tick = setInterval(() => {}, 1000);
        const { name, code, message } = await warned;
        clearInterval(tick);
        await sleep(0);
        report({ name, code, message });
      },
      { env: { NODE_HEAPDUMP_OPTIONS: `dir=${dir},name=x` } },
    );
    expect({ exit, ...report }).toMatchObject({ exit: 0, name: 'RsProfilerWarning', code });
    expect(report.message).toContain(`${dir}/x.heapsnapshot`);
    expect(dumps(files)).toEqual([]);
  });

  test('goes on when its folder was deleted', async () => {
    const { code, report } = await run(async ({ heapdump, report }) => {
      const fs = require('fs');
      const gone = fs.mkdtempSync('gone-');
      process.chdir(gone);
      fs.rmdirSync(`../${gone}`);
      const warned = new Promise((resolve) => process.on('warning', resolve));
      process.kill(process.pid, heapdump && 'SIGUSR2');
      const tick = setInterval(() => {}, 1000);
      report((await warned).code);
      clearInterval(tick);
    });
    expect({ code, report }).toEqual({ code: 0, report: 'ENOENT' });
  });
});

describe('NODE_HEAPDUMP_OPTIONS', () => {
  const withOptions = (options, input) => run(signalSelf, { env: { NODE_HEAPDUMP_OPTIONS: options }, input });

  test.each([['nosignal'], ['signal,nosignal'], ['signal , nosignal']])('%p: no dump', async (options) => {
    const { code, stderr, report } = await withOptions(options, { none: true });
    expect({ code, stderr, report }).toEqual({ code: 0, stderr: '', report: { names: [], heard: 1 } });
  });

  test.each([['nosignal,signal'], ['']])('%p: a dump', async (options) => {
    const { code, stderr, report } = await withOptions(options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report.names).toHaveLength(1);
  });

  test('nosignal leaves SIGUSR2 with its default action', async () => {
    const { signal } = await run(
      async ({ heapdump, sleep }) => {
        process.kill(process.pid, heapdump && 'SIGUSR2');
        await sleep(5000);
      },
      { env: { NODE_HEAPDUMP_OPTIONS: 'nosignal' } },
    );
    expect(signal).toBe('SIGUSR2');
  });

  test('an unknown word prints a line to stderr', async () => {
    const { code, stdout, stderr } = await run(({ heapdump }) => void heapdump, {
      env: { NODE_HEAPDUMP_OPTIONS: 'sginal, nosignal' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.trim()).toBe('node-heapdump: unrecognized option: sginal');
  });
});

describe('a folder and a name pattern, where it differs from heapdump', () => {
  test('dir and name say where a signal writes, and how it names the file', async () => {
    const { report, stderr, files } = await run(signalSelf, {
      env: { NODE_HEAPDUMP_OPTIONS: 'dir=dumps,name=app-{pid}-{date}-{time}-{thread}-{seq}' },
      input: { folder: 'dumps' },
    });
    expect(stderr).toBe('');
    expect(report.names).toEqual([expect.stringMatching(/^app-\d+-\d{8}-\d{6}-0-\d+\.heapsnapshot$/)]);
    expect(dumps(files)).toEqual([]);
  });

  test('configure does the same, and is not among the keys', async () => {
    const { report } = await run(signalSelf, {
      env: { NODE_HEAPDUMP_OPTIONS: 'nosignal,dir=elsewhere' },
      input: { folder: 'dumps', settings: { signal: true, dir: 'dumps', name: 'set-{pid}' } },
    });
    expect(report.names).toEqual([expect.stringMatching(/^set-\d+\.heapsnapshot$/)]);
    const off = await run(signalSelf, { input: { none: true, settings: { signal: false } } });
    expect(off.report).toEqual({ names: [], heard: 1 });
  });

  test('configure refuses what it cannot use', async () => {
    const codes = await runClean(({ heapdump, codeOf, report }) => {
      const wrong = [{ signal: 'yes' }, { dir: 5 }, { name: {} }, { folder: '/tmp' }, { isolation: 'child' }, 5];
      report(wrong.map((settings) => codeOf(() => heapdump.configure(settings)).error.code));
    });
    expect(codes).toEqual(new Array(6).fill('ERR_RS_PROFILER_INVALID_ARGUMENT'));
  });

  test('configure refuses a folder in which nothing can be written, and keeps what was set', async () => {
    const cwd = tempFolder();
    fs.mkdirSync(path.join(cwd, 'good'));
    fs.mkdirSync(path.join(cwd, 'closed'));
    fs.writeFileSync(path.join(cwd, 'file'), '');
    for (const [name, mode] of [['.', 0o755], ['good', 0o777], ['closed', 0o555]]) fs.chmodSync(path.join(cwd, name), mode);
    const report = await runClean(
      ({ heapdump, report }) => {
        heapdump.configure({ dir: 'good', signal: false });
        // Loads all it needs before it becomes a user who may not be able to read the package.
        heapdump.writeSnapshot('good/first.heapsnapshot');
        if (process.getuid() === 0) process.setuid(65534);
        const errors = [];
        for (const dir of ['missing', 'file', 'closed']) {
          try {
            heapdump.configure({ dir, signal: true });
          } catch ({ code, syscall, path }) {
            errors.push([code, syscall, path === require('path').resolve(dir)]);
          }
        }
        // A relative folder is the one that it was at the call.
        process.chdir('closed');
        report({ errors, listeners: process.listenerCount('SIGUSR2'), written: heapdump.writeSnapshot() });
      },
      { cwd },
    );
    expect(report.errors).toEqual([
      ['ENOENT', 'access', true],
      ['ENOTDIR', 'access', true],
      ['EACCES', 'access', true],
    ]);
    expect(report).toMatchObject({ listeners: 0, written: true });
    expect(fs.readdirSync(path.join(cwd, 'good'))).toHaveLength(2);
  });

  test('they also name what writeSnapshot writes without a name', async () => {
    const { report } = await run(
      ({ heapdump, report }) => {
        const fs = require('fs');
        fs.mkdirSync('dumps');
        const calls = [];
        heapdump.writeSnapshot((error, name) => calls.push(name));
        heapdump.writeSnapshot('given.heapsnapshot', (error, name) => calls.push(name));
        report({ calls, in: fs.readdirSync('dumps') });
      },
      { env: { NODE_HEAPDUMP_OPTIONS: 'dir=dumps, name=x.heapsnapshot' } },
    );
    expect(report.calls.map((name) => name.replace(/\\/g, '/'))).toEqual(['dumps/x.heapsnapshot', 'given.heapsnapshot']);
    expect(report.in).toEqual(['x.heapsnapshot']);
  });
});

describe('heapdump in a worker, where it differs from heapdump', () => {
  test('loads there as well, and writes', async () => {
    const { code, signal, stderr, report, files } = await run(({ heapdumpMain, report, heapdump }) => {
      const { Worker } = require('worker_threads');
      const source = `
        const { parentPort, workerData } = require('worker_threads');
        const { writeSnapshot } = require(workerData);
        parentPort.postMessage(writeSnapshot('worker.heapsnapshot'));`;
      heapdump.writeSnapshot('main.heapsnapshot');
      const worker = new Worker(source, { eval: true, workerData: heapdumpMain });
      worker.on('message', (written) => worker.on('exit', (exitCode) => report([written, exitCode])));
    });
    expect({ code, signal, stderr, report }).toEqual({ code: 0, signal: null, stderr: '', report: [true, 0] });
    expect(dumps(files).sort()).toEqual(['main.heapsnapshot', 'worker.heapsnapshot']);
  });
});
