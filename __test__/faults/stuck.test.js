'use strict';

/** Children that stand still, whatever the reason: they are told, ended, and another one does it. */

const { buildPreload } = require('../helpers/faults');
const { runServedAlone } = require('../helpers/service');
const { tempFolder } = require('../helpers/temp-folder');

const nothingLeft = { children: [], partial: [] };

/** The first child is stopped in the midst of the walk, and never goes on. */
async function stopped({ profiler, leftovers, outcome, processes }) {
  const fs = require('node:fs');
  globalThis.kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
  for (;;) {
    let child;
    const onProgress = () => {
      const [first] = processes.childrenOf(process.pid);
      if (!child && first && processes.signal(first, 'SIGSTOP')) child = first;
    };
    const { isolation, attempts } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress });
    // Who is stopped that late has written all of it: then the next one is.
    if (attempts === 1) continue;
    const { whole } = outcome.countsOfFile('a.heapsnapshot');
    return { isolation, attempts, whole, alive: processes.isAlive(child), left: leftovers(), names: fs.readdirSync('.') };
  }
}

/** Children wait for a lock that another thread had at the fork; then for somebody who takes their exit status. */
async function deadlocked({ profiler, leftovers, outcome }) {
  const fs = require('node:fs');
  const results = {};
  const capture = async (name, isolation, env) => {
    Object.assign(process.env, env);
    const { value, error } = await outcome.outcomeOf(profiler.writeHeapSnapshot('a', { isolation }));
    for (const key of Object.keys(env)) delete process.env[key];
    const whole = value && outcome.countsOfFile('a.heapsnapshot').whole;
    if (value) fs.unlinkSync('a.heapsnapshot');
    const { isolation: used, isolationReason, attempts } = value ?? {};
    results[name] = error ? { code: error.code, message: error.message } : { used, isolationReason, attempts, whole };
    Object.assign(results[name], { left: leftovers(), names: fs.readdirSync('.') });
  };
  await capture('good', 'fork', {});
  await capture('first', 'fork', { FAULT_STUCK: '1' });
  await capture('all, auto', 'auto', { FAULT_STUCK: '99' });
  await capture('all, fork', 'fork', { FAULT_STUCK: '98' });
  await capture('reaped', 'fork', { FAULT_REAP: '1' });
  await capture('good again', 'fork', {});
  return results;
}

test('a child that is stopped, and children that wait for a lock', async () => {
  const env = { LD_PRELOAD: buildPreload(tempFolder()) };
  // The watchdog is patient with the one that is stopped: the others come meanwhile.
  const [first, others] = await Promise.all([runServedAlone(stopped), runServedAlone(deadlocked, { env })]);
  expect(first).toEqual({
    isolation: 'fork', attempts: 2, whole: true, alive: false, left: nothingLeft, names: ['a.heapsnapshot'],
  });
  const forked = (attempts) => ({ used: 'fork', isolationReason: expect.any(String), attempts, whole: true });
  const nothing = { left: nothingLeft, names: [] };
  const reason = expect.stringMatching(/the child waited for a lock that another thread had at the fork/);
  expect(others).toEqual({
    good: { ...forked(1), ...nothing },
    first: { ...forked(2), ...nothing },
    'all, auto': { used: 'inline', isolationReason: reason, attempts: 3, whole: true, ...nothing },
    'all, fork': { code: 'ERR_RS_PROFILER_FORK_FAILED', message: reason, ...nothing },
    reaped: { ...forked(1), ...nothing },
    'good again': { ...forked(1), ...nothing },
  });
});
