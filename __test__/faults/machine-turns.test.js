'use strict';

/** The processes of one user take turns: one child at a time. */

const { runServedAlone } = require('../helpers/service');

test('who waits for another process can give up, and has the turn when that one is killed', async () => {
  const result = await runServedAlone(async ({ main, profiler, outcome, processes, sleep, leftovers }) => {
    const { spawn } = require('node:child_process');
    const fs = require('node:fs');
    process.env.XDG_RUNTIME_DIR = fs.realpathSync('.');
    const script = `
      globalThis.kept = Array.from({ length: 300_000 }, (_, at) => ({ at, text: 'some text ' + at }));
      const profiler = require(${JSON.stringify(main)});
      (async () => { for (;;) await profiler.writeHeapSnapshot('held', { isolation: 'fork' }); })();
    `;
    const holder = spawn(process.execPath, ['-e', script]);
    const stat = () => processes.childrenOf(process.pid).find(({ pid }) => pid === holder.pid);
    const heldChildren = () => processes.childrenOf(holder.pid);
    // While the holder is stopped, its child is not reaped, and the turn is not given back.
    for (;;) {
      while (heldChildren().length === 0) await sleep(1);
      holder.kill('SIGSTOP');
      while (stat().state !== 'T') await sleep(1);
      if (heldChildren().length > 0) break;
      holder.kill('SIGCONT');
    }
    const own = () => processes.childrenOf(process.pid).filter(({ pid }) => pid !== holder.pid).length;
    const abort = new AbortController();
    const { signal } = abort;
    const givenUp = outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'fork', signal }));
    await sleep(500);
    const waiting = own();
    abort.abort();
    const { error } = await givenUp;
    const writing = outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'fork' }));
    await sleep(500);
    const waitingStill = own();
    const ended = new Promise((resolve) => holder.on('exit', resolve));
    holder.kill('SIGKILL');
    await ended;
    const { value } = await writing;
    return { waiting, error: error.code, waitingStill, used: value?.isolation, children: leftovers().children };
  });
  expect(result).toEqual({ waiting: 0, error: 'ABORT_ERR', waitingStill: 0, used: 'fork', children: [] });
});

test.each(['/proc/none', 'not absolute'])('without the folder, %s, the capture goes on', async (folder) => {
  const used = await runServedAlone(
    async ({ profiler, input }) => {
      process.env.XDG_RUNTIME_DIR = input.folder;
      return (await profiler.writeHeapSnapshot('a', { isolation: 'fork' })).isolation;
    },
    { input: { folder } },
  );
  expect(used).toBe('fork');
});
