'use strict';

/** Too little memory: the child has more room than the service, and where it has too little the service does not try the same. */

const { runServedAlone } = require('../../helpers/service');

test('a heap that is nearly full', async () => {
  const result = await runServedAlone(
    async ({ profiler, outcome, leftovers }) => {
      const { getHeapStatistics } = require('node:v8');
      const kept = (globalThis.kept = []);
      while (getHeapStatistics().used_heap_size < 46e6) for (let at = 0; at < 200; at++) kept.push({ at, text: `some text ${at}` });
      const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'auto' }));
      return { error, used: value?.isolation, cow: typeof value?.cowBytes, size: value?.bytes === require('node:fs').statSync('a.heapsnapshot').size, ...leftovers() };
    },
    { nodeArgs: ['--max-old-space-size=56'] },
  );
  expect(result).toEqual({ used: 'fork', cow: 'number', size: true, children: [], partial: [] });
});

test('a child that V8 ends in the walk: not even auto walks in the service', async () => {
  const result = await runServedAlone(async ({ main, profiler, outcome, processes, leftovers }) => {
    const fs = require('node:fs');
    globalThis.kept = Array.from({ length: 50_000 }, (_, at) => ({ at, text: `some text ${at}` }));
    profiler.capabilities();
    const { describe } = require(require('node:path').join(main, '../lib/native/environment'));
    const { prototype } = describe().addon.exports.NativeForkedSnapshot;
    const { fork } = prototype;
    prototype.fork = function() {
      const born = fork.call(this);
      const [child] = processes.childrenOf(process.pid);
      // The filter is the last thing before the walk.
      while (born && processes.isAlive(child) && !/^Seccomp:\s+2/m.test(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8')));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      if (born) processes.signal(child, 'SIGABRT');
      return born;
    };
    const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'auto' }));
    return { used: value?.isolation, error, ...leftovers(), names: fs.readdirSync('.') };
  });
  const error = expect.objectContaining({
    code: 'ERR_RS_PROFILER_NO_MEMORY', message: expect.stringMatching(/not enough memory.*phase walk.*signal 6.*sampling/), isError: true,
  });
  expect(result).toEqual({ error, children: [], partial: [], names: [] });
});
