'use strict';

/** A fork that the system, Node or the user does not allow: auto takes the snapshot in the process, fork says why not. */

const fs = require('node:fs');

const { runServed, runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

/** A capture of each isolation, and what is left of them. */
async function bothWays({ profiler, leftovers, outcome }) {
  const auto = await outcome.outcomeOf(profiler.writeHeapSnapshot('auto', { isolation: 'auto' }));
  const fork = await outcome.outcomeOf(profiler.writeHeapSnapshot('fork', { isolation: 'fork' }));
  const { isolation, isolationReason } = auto.value ?? {};
  const whole = auto.value && outcome.countsOfFile('auto.heapsnapshot').whole;
  return {
    said: profiler.capabilities().isolation.fork,
    auto: auto.error ?? { isolation, isolationReason, whole },
    fork: fork.error ?? { isolation: fork.value.isolation },
    left: { ...leftovers(), names: require('node:fs').readdirSync('.').sort() },
  };
}

/** What it comes to where forking cannot be, as `reason` says. */
const refused = (reason) => ({
  said: { available: false, reason: expect.stringMatching(reason) },
  auto: { isolation: 'inline', isolationReason: expect.stringMatching(reason), whole: true },
  fork: expect.objectContaining({ code: 'ERR_RS_PROFILER_FORK_FAILED', message: expect.stringMatching(reason), isError: true }),
  left: { children: [], partial: [], names: ['auto.heapsnapshot'] },
});

test('RS_PROFILER_FORK=0', async () => {
  const scenario = `async (context) => {
    process.env.RS_PROFILER_FORK = '0';
    try {
      return await (${bothWays})(context);
    } finally {
      delete process.env.RS_PROFILER_FORK;
    }
  }`;
  expect(await runServed(scenario)).toEqual(refused(/RS_PROFILER_FORK=0/));
});

test('a limit of processes: each capture is whole, or says what is missing', async () => {
  // The limit counts all threads of a user on the machine, so it has to be one of its own; and it does not bind root.
  const user = process.getuid() === 0 ? 100_000 + process.pid : undefined;
  const folder = tempFolder();
  fs.chmodSync(folder, 0o777);
  const { outcomes, unborn, left } = await runServedAlone(
    async ({ profiler, input, leftovers, outcome }) => {
      const fs = require('node:fs');
      profiler.capabilities();
      process.chdir(input.folder);
      // The threads of the pools are there then: neither Node nor the addon has to start one.
      await profiler.writeHeapSnapshot('a');
      fs.unlinkSync('a.heapsnapshot');
      if (input.user) process.setgid(input.user), process.setuid(input.user);
      const outcomes = [];
      let unborn = 0;
      for (const isolation of ['auto', 'fork']) {
        const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation }));
        outcomes.push(error ? error.code : value.isolation);
        if (value?.isolation === 'inline') unborn += value.attempts;
        if (value && !outcome.countsOfFile('a.heapsnapshot').whole) outcomes.push('not whole');
        if (value) fs.unlinkSync('a.heapsnapshot');
      }
      return { outcomes, unborn, left: { ...leftovers(), names: fs.readdirSync('.') } };
    },
    { input: { folder, user }, shell: user === undefined ? ':' : 'ulimit -p 1' },
  );
  expect(['inline', 'ERR_RS_PROFILER_NO_THREAD', ...(user === undefined ? ['fork'] : [])]).toContain(outcomes[0]);
  expect(['ERR_RS_PROFILER_FORK_FAILED', 'ERR_RS_PROFILER_NO_THREAD', ...(user === undefined ? ['fork'] : [])]).toContain(outcomes[1]);
  expect(outcomes).toHaveLength(2);
  expect(unborn).toBe(0);
  expect(left).toEqual({ children: [], partial: [], names: [] });
});

const flag = ['--permission', '--experimental-permission'].find((name) => process.allowedNodeEnvironmentFlags.has(name));

if (flag === undefined) {
  test('this Node has no permission model', () => expect(process.permission).toBeUndefined());
} else {
  const always = [flag, '--allow-fs-read=*', '--no-warnings'];
  // Newer versions ask for these too.
  for (const name of ['--allow-addons', '--allow-net']) if (process.allowedNodeEnvironmentFlags.has(name)) always.push(name);

  test('the permission model without child processes', async () => {
    const result = await runServedAlone(bothWays, { nodeArgs: [...always, '--allow-fs-write=*'] });
    expect(result).toEqual(refused(/--allow-child-process/));
  });

  test('the permission model with child processes', async () => {
    const result = await runServedAlone(bothWays, { nodeArgs: [...always, '--allow-fs-write=*', '--allow-child-process'] });
    expect(result).toMatchObject({ said: { available: true }, auto: { isolation: 'fork', whole: true }, fork: { isolation: 'fork' } });
    expect(result.left).toEqual({ children: [], partial: [], names: ['auto.heapsnapshot', 'fork.heapsnapshot'] });
  });

  test('the permission model with one folder: no turns are taken elsewhere, and the capture goes on', async () => {
    const [out, elsewhere] = [tempFolder(), tempFolder()];
    const isolation = await runServedAlone(
      async ({ profiler, input }) => (await profiler.writeHeapSnapshot(`${input.out}/a`, { isolation: 'fork' })).isolation,
      {
        input: { out },
        env: { XDG_RUNTIME_DIR: elsewhere },
        nodeArgs: [...always, `--allow-fs-write=${out}/*`, '--allow-child-process'],
      },
    );
    expect(isolation).toBe('fork');
    expect(fs.readdirSync(elsewhere)).toEqual([]);
  });
}
