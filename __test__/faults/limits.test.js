'use strict';

/** What the system refuses the service: calls, by a filter (seccomp), and room for files and memory. */

const { buildLauncher } = require('../helpers/faults');
const { runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

const nothingLeft = { children: [], partial: [] };

let launcher;
beforeAll(() => {
  launcher = buildLauncher(tempFolder());
});

/** A capture of each isolation in a service to which a call is refused. */
const without = (call, errno) => runServedAlone(
  async ({ profiler, leftovers, outcome }) => {
    const results = {};
    for (const isolation of ['auto', 'fork']) {
      const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot(isolation, { isolation }));
      const { isolation: used, isolationReason } = value ?? {};
      const whole = value && outcome.countsOfFile(`${isolation}.heapsnapshot`).whole;
      results[isolation] = error ? { code: error.code, message: error.message } : { used, isolationReason, whole };
    }
    return { ...results, left: leftovers(), names: require('node:fs').readdirSync('.').sort() };
  },
  { launcher: [launcher, call, String(errno), '--'] },
);

test('a filter that forbids processes', async () => {
  const reason = expect.stringMatching(/fork failed: Operation not permitted/);
  expect(await without('fork', 1)).toEqual({
    auto: { used: 'inline', isolationReason: reason, whole: true },
    fork: { code: 'ERR_RS_PROFILER_FORK_FAILED', message: reason },
    left: nothingLeft,
    names: ['auto.heapsnapshot'],
  });
});

test('a filter that forbids new files, as a file system does that is read-only', async () => {
  const error = { code: 'EROFS', message: expect.stringMatching(/EROFS.*open/) };
  expect(await without('create', 30)).toEqual({ auto: error, fork: error, left: nothingLeft, names: [] });
});

test('a filter that forbids filters: the child goes without', async () => {
  const done = { used: 'fork', isolationReason: expect.any(String), whole: true };
  const names = ['auto.heapsnapshot', 'fork.heapsnapshot'];
  expect(await without('seccomp', 38)).toEqual({ auto: done, fork: done, left: nothingLeft, names });
});

test('a limit of descriptors, up to the last that a capture needs', async () => {
  const { results, left, names } = await runServedAlone(async ({ profiler, leftovers, outcome }) => {
    const { execFileSync } = require('node:child_process');
    const fs = require('node:fs');
    const limit = (number) => execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${number}:`]);
    // A program cannot be started without descriptors: these make room.
    const spare = [];
    const spares = (count) => {
      while (spare.length < count) spare.push(fs.openSync('/dev/null', 'r'));
      for (const descriptor of spare.splice(count)) fs.closeSync(descriptor);
    };
    // What is opened once is open then.
    await profiler.writeHeapSnapshot('a', { isolation: 'fork' });
    fs.unlinkSync('a.heapsnapshot');
    const results = [];
    for (let room = 0; !results.includes('fork'); room += 1) {
      spares(16);
      // The lowest number that is free comes next.
      const free = fs.openSync('/dev/null', 'r');
      fs.closeSync(free);
      limit(free + room);
      const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'fork' }));
      spares(0);
      limit(1000);
      results.push(error ? error.code : value.isolation);
      if (value && !outcome.countsOfFile('a.heapsnapshot').whole) results.push('not whole');
    }
    return { results, left: leftovers(), names: fs.readdirSync('.') };
  });
  expect(results[0]).not.toBe('fork');
  expect(results.at(-1)).toBe('fork');
  expect(results.filter((result) => !['EMFILE', 'ERR_RS_PROFILER_FORK_FAILED', 'fork'].includes(result))).toEqual([]);
  expect({ left, names }).toEqual({ left: nothingLeft, names: ['a.heapsnapshot'] });
});

test('a limit of the address space: what crashes the child is not tried in the service', async () => {
  const result = await runServedAlone(async ({ profiler, leftovers, outcome }) => {
    const { execFileSync } = require('node:child_process');
    const fs = require('node:fs');
    // What is made once is made then.
    await profiler.writeHeapSnapshot('a', { isolation: 'fork' });
    fs.unlinkSync('a.heapsnapshot');
    globalThis.kept = Array.from({ length: 150000 }, (_, at) => ({ at, own: { at } }));
    const [, size] = /^VmSize:\s+(\d+) kB/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(process.pid), `--as=${bytes}:`]);
    limit((Number(size) + 64 * 1024) * 1024);
    const error = await profiler.writeHeapSnapshot('a', { isolation: 'auto' }).catch((error) => error);
    const { code, message, phase } = error;
    const left = { ...leftovers(), names: fs.readdirSync('.') };
    limit('unlimited');
    globalThis.kept = undefined;
    const { isolation } = await profiler.writeHeapSnapshot('a', { isolation: 'fork' });
    return { code, message, phase, left, isolation, whole: outcome.countsOfFile('a.heapsnapshot').whole };
  });
  expect(result).toEqual({
    code: 'ERR_RS_PROFILER_NO_MEMORY',
    message: expect.stringMatching(/the child was ended by signal \d+.*memory/),
    phase: 'walk',
    left: { ...nothingLeft, names: [] },
    isolation: 'fork',
    whole: true,
  });
});
