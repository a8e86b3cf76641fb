'use strict';

/** A fork that the system, or Node, does not allow: the snapshot is taken in process, or the call says why not. */

const fs = require('node:fs');
const { runUnharmed } = require('../helpers/service');
const { buildLimits } = require('../helpers/limits');
const { file: outcomes } = require('../helpers/outcome');
const { tempFolder } = require('../helpers/temp-folder');

let limits;
beforeAll(() => {
  limits = buildLimits(tempFolder());
});

/** A capture of each isolation, and what is left of them. */
async function bothWays({ profiler, input, leftovers }) {
  const { outcomeOf, countsOfFile } = require(input.outcomes);
  const auto = await outcomeOf(profiler.writeHeapSnapshot('auto.heapsnapshot'));
  const fork = await outcomeOf(profiler.writeHeapSnapshot('fork.heapsnapshot', { isolation: 'fork' }));
  const { isolation, isolationReason } = auto.value || {};
  const whole = auto.value && countsOfFile('auto.heapsnapshot').whole;
  const fault = fork.error && { code: fork.error.code, message: fork.error.message };
  const names = require('node:fs').readdirSync('.');
  return { auto: auto.error || { isolation, isolationReason, whole }, fork: fault, ...leftovers(), names };
}

const clean = { children: [], partial: [], names: ['auto.heapsnapshot'] };
const inline = (reason) => ({ isolation: 'inline', isolationReason: expect.stringMatching(reason), whole: true });
const refused = (reason) => ({ code: 'ERR_RS_PROFILER_FORK_FAILED', message: expect.stringMatching(reason) });

test.each([
  ['forbids new processes', 'nofork', /^fork failed: Operation not permitted/],
  ['has no room for new processes, as a limit of them', 'nofork=11', /^fork failed: Resource temporarily unavailable/],
])('a seccomp filter that %s', async (_what, limit, reason) => {
  const result = await runUnharmed(bothWays, { input: { outcomes }, launcher: [limits, limit, '--'] });
  expect(result).toEqual({ ...clean, auto: inline(reason), fork: refused(reason) });
});

test('a limit of processes: neither child nor thread', async () => {
  const folder = tempFolder();
  fs.chmodSync(folder, 0o777);
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const { execFileSync } = require('node:child_process');
      const { outcomeOf } = require(input.outcomes);
      profiler.capabilities();
      process.chdir(input.folder);
      // Node itself aborts without the threads of its pool.
      await require('node:fs/promises').stat('.');
      execFileSync(input.limits, [`pid=${process.pid}`, 'nproc=1']);
      // It does not bind root.
      if (process.getuid() === 0) process.setgid(65534), process.setuid(65534);
      const codes = [];
      for (const isolation of ['auto', 'fork', 'inline']) {
        const { error, value } = await outcomeOf(profiler.writeHeapSnapshot(`${isolation}.heapsnapshot`, { isolation }));
        codes.push(error ? error.code : value);
      }
      return { codes, ...leftovers(), names: require('node:fs').readdirSync('.') };
    },
    { input: { outcomes, limits, folder } },
  );
  expect(result).toEqual({ codes: Array(3).fill('ERR_RS_PROFILER_NO_THREAD'), children: [], partial: [], names: [] });
});

test('a limit of processes with room for a few: each capture is whole, or says what is missing', async () => {
  // The limit counts all threads of a user on the machine, so it has to be one of its own; and it does not bind root.
  const user = process.getuid() === 0 ? 100_000 + process.pid : undefined;
  const folder = tempFolder();
  fs.chmodSync(folder, 0o777);
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const fs = require('node:fs');
      const { execFileSync } = require('node:child_process');
      const { outcomeOf, countsOfFile } = require(input.outcomes);
      process.chdir(input.folder);
      // The threads of Node's pools are there then.
      await profiler.writeHeapSnapshot('a.heapsnapshot');
      const threads = fs.readdirSync('/proc/self/task').length;
      execFileSync(input.limits, [`pid=${process.pid}`, `nproc=${threads + input.room}`]);
      if (input.user) process.setgid(input.user), process.setuid(input.user);
      const found = [];
      for (let at = 0; at < 6; at += 1) {
        fs.unlinkSync('a.heapsnapshot');
        const { error, value } = await outcomeOf(profiler.writeHeapSnapshot('a.heapsnapshot'));
        if (value) found.push(countsOfFile('a.heapsnapshot').whole && value.isolation);
        else found.push(error.code), fs.writeFileSync('a.heapsnapshot', '');
        if (value?.isolation === 'inline' && !/Resource temporarily unavailable/.test(value.isolationReason)) found.push(value.isolationReason);
      }
      return { found: [...new Set(found)].filter((outcome) => !input.allowed.includes(outcome)), ...leftovers(), names: fs.readdirSync('.') };
    },
    { input: { outcomes, limits, folder, user, room: 1, allowed: ['fork', 'inline', 'ERR_RS_PROFILER_NO_THREAD'] } },
  );
  expect(result).toEqual({ found: [], children: [], partial: [], names: ['a.heapsnapshot'] });
});

test('a limit of descriptors below those that the service has: the child replaces these too', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers }) => {
      const { execFileSync } = require('node:child_process');
      const { openSync, closeSync } = require('node:fs');
      const { outcomeOf, countsOfFile } = require(input.outcomes);
      const many = Array.from({ length: 200 }, () => openSync('/dev/null', 'r'));
      for (const descriptor of many.splice(0, 60)) closeSync(descriptor);
      execFileSync(input.limits, [`pid=${process.pid}`, `nofile=${many[20]}`]);
      const { error, value } = await outcomeOf(profiler.writeHeapSnapshot('fork.heapsnapshot', { isolation: 'fork' }));
      execFileSync(input.limits, [`pid=${process.pid}`, 'nofile=1000']);
      for (const descriptor of many) closeSync(descriptor);
      return { isolation: error || value.isolation, whole: !error && countsOfFile('fork.heapsnapshot').whole, ...leftovers() };
    },
    { input: { outcomes, limits } },
  );
  expect(result).toEqual({ isolation: 'fork', whole: true, children: [], partial: [] });
});

test('a limit of the address space: the child crashes, and the service does not try what crashed it', async () => {
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const { execFileSync } = require('node:child_process');
      const { outcomeOf } = require(input.outcomes);
      const kept = Array.from({ length: 300000 }, (_, at) => ({ at, own: { at } }));
      const path = 'limited.heapsnapshot';
      // Everything that is made once.
      await profiler.writeHeapSnapshot(path);
      require('node:fs').unlinkSync(path);
      const size = parseInt(processes.statusOf('self', 'VmSize'), 10) * 1024;
      execFileSync(input.limits, [`pid=${process.pid}`, `as=${size + 64 * 2 ** 20}`]);
      const guarded = await profiler.writeHeapSnapshot(path).catch((refusal) => refusal);
      const { error, value } = await outcomeOf(profiler.writeHeapSnapshot(path, { headroom: false }));
      const fault = error && { code: error.code, message: error.message };
      const { code, headroom } = guarded;
      const guard = { code, limit: headroom.limit };
      return { value, guard, fault, ...leftovers(), names: require('node:fs').readdirSync('.'), kept: kept.length };
    },
    { input: { outcomes, limits } },
  );
  expect(result).toEqual({
    guard: { code: 'ERR_RS_PROFILER_HEADROOM', limit: 'address-space' },
    fault: { code: 'ERR_RS_PROFILER_CHILD_CRASHED', message: expect.stringMatching(/attempt 2: the child crashed with signal \d/) },
    children: [],
    partial: [],
    names: [],
    kept: 300000,
  });
});

test('a service that has changed its user', async () => {
  const folder = tempFolder();
  fs.chmodSync(folder, 0o777);
  const result = await runUnharmed(
    async ({ profiler, input, leftovers, processes }) => {
      const { countsOfFile } = require(input.outcomes);
      process.chdir(input.folder);
      profiler.capabilities();
      if (process.getuid() === 0) process.setgid(65534), process.setuid(65534);
      const kept = processes.keptMiB();
      const scores = new Set();
      const onProgress = () => {
        for (const pid of processes.forkedHere()) scores.add(processes.read(`/proc/${pid}/oom_score_adj`).trim());
      };
      const { isolation, attempts } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress });
      const stillKept = processes.keptMiB() > kept / 2;
      const { whole } = countsOfFile('a.heapsnapshot');
      return { isolation, attempts, whole, stillKept, scores: [...scores].filter(Boolean), ...leftovers() };
    },
    { input: { outcomes, folder } },
  );
  expect(result).toEqual({
    isolation: 'fork', attempts: 1, whole: true, stillKept: true, scores: ['1000'], children: [], partial: [],
  });
});

const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name));

if (flag === undefined) {
  test('this Node has no permission model', () => expect(process.permission).toBeUndefined());
} else {
  const always = [flag, '--allow-fs-read=*', '--no-warnings'];
  // Newer versions ask for these too; for addons older ones do not.
  for (const name of ['--allow-addons', '--allow-net']) {
    if (process.allowedNodeEnvironmentFlags.has(name)) always.push(name);
  }

  test.each([
    ['all', ['--allow-fs-write=*', '--allow-child-process'], { isolation: 'fork', isolationReason: expect.any(String), whole: true }],
    ['files', ['--allow-fs-write=*'], inline(/--allow-child-process/)],
  ])('the permission model, with %s allowed', async (what, allowed, auto) => {
    const result = await runUnharmed(bothWays, { input: { outcomes }, nodeArgs: [...always, ...allowed] });
    const forks = auto.isolation === 'fork';
    const names = forks ? ['auto.heapsnapshot', 'fork.heapsnapshot'] : clean.names;
    expect(result).toEqual({ ...clean, names, auto, ...(!forks && { fork: refused(/--allow-child-process/) }) });
  });

  test('the permission model, with no file allowed', async () => {
    const result = await runUnharmed(bothWays, { input: { outcomes }, nodeArgs: [...always, '--allow-child-process'] });
    expect(result).toMatchObject({ children: [], partial: [], names: [] });
    expect(result.auto.code).toBe('ERR_ACCESS_DENIED');
    expect(result.fork.code).toBe('ERR_ACCESS_DENIED');
  });

  test('the permission model, with no file allowed: heapdump and the heap limit write none either', async () => {
    const result = await runUnharmed(
      async ({ profiler, input }) => {
        const heapdump = require(input.heapdump);
        const faults = [];
        const written = heapdump.writeSnapshot('a.heapsnapshot', ({ code, message }) => faults.push({ code, message }));
        try {
          profiler.onNearHeapLimit({ dir: '.' });
        } catch ({ code }) {
          faults.push({ code });
        }
        return { written, faults, names: require('node:fs').readdirSync('.') };
      },
      { input: { heapdump: require.resolve('../../heapdump') }, nodeArgs: [...always, '--allow-child-process'] },
    );
    const code = 'ERR_ACCESS_DENIED';
    expect(result).toEqual({ written: false, faults: [{ code, message: `heapdump write error ${code}` }, { code }], names: [] });
  });

  test('the permission model, with no addon allowed', async () => {
    const nodeArgs = always.filter((name) => name !== '--allow-addons');
    const result = await runUnharmed(bothWays, { input: { outcomes }, nodeArgs: [...nodeArgs, '--allow-fs-write=*'] });
    expect(result).toMatchObject({ children: [], partial: [], names: [] });
    expect(result.auto.code).toMatch(/^ERR_RS_PROFILER_NATIVE_MISSING$/);
    expect(result.auto.message).toMatch(/disabled\. Start Node with --allow-addons/);
  });
}
