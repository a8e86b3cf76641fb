'use strict';

/** Too little memory: the child has more room than the service, and where it has too little the service does not try the same. */

const { buildPreload } = require('../helpers/faults');
const { runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

test('a heap that is nearly full', async () => {
  const result = await runServedAlone(
    async ({ profiler, outcome, leftovers }) => {
      const { getHeapStatistics } = require('node:v8');
      const kept = (globalThis.kept = []);
      while (getHeapStatistics().used_heap_size < 42e6) for (let at = 0; at < 200; at++) kept.push({ at, text: `some text ${at}` });
      const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'auto' }));
      return { error, used: value?.isolation, cow: typeof value?.cowBytes, size: value?.bytes === require('node:fs').statSync('a.heapsnapshot').size, ...leftovers() };
    },
    { nodeArgs: ['--max-old-space-size=56'] },
  );
  expect(result).toEqual({ used: 'fork', cow: 'number', size: true, children: [], partial: [] });
});

test('a child that V8 ends in the walk, or that crashes there: not even auto walks in the service', async () => {
  const result = await runServedAlone(
    async ({ profiler, outcome, leftovers }) => {
      const results = [];
      for (const signal of [6, 11]) {
        process.env.FAULT_DIE_WALKING = signal;
        const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation: 'auto' }));
        results.push(error ? { code: error.code, message: error.message } : value);
      }
      return { results, ...leftovers(), names: require('node:fs').readdirSync('.') };
    },
    { env: { LD_PRELOAD: buildPreload(tempFolder()) } },
  );
  const diedBy = (signal) => ({
    code: 'ERR_RS_PROFILER_NO_MEMORY', message: expect.stringMatching(new RegExp(`phase walk.*signal ${signal}\\b.*memory.*sampling`)),
  });
  expect(result).toEqual({ results: [diedBy(6), diedBy(11)], children: [], partial: [], names: [] });
});
