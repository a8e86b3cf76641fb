'use strict';

/** The service ends during a capture, in every way: no child outlives it, and no half file bears the name. */

const fs = require('node:fs');
const path = require('node:path');

const { run } = require('../helpers/child');
const { fewAtOnce } = require('../helpers/ends');
const { countsOfFile } = require('../helpers/outcome');
const processes = require('../helpers/processes');
const { tempFolder } = require('../helpers/temp-folder');

/** How the service ends, and what it comes to. A service that is killed can remove no file. */
const ENDS = {
  'process.exit': [() => process.exit(3), { code: 3, signal: null }],
  'an uncaught exception': [
    () => setImmediate(() => {
      throw new Error('on purpose');
    }),
    { code: 1, signal: null },
  ],
  'SIGTERM, not handled': [() => process.kill(process.pid, 'SIGTERM'), { code: null, signal: 'SIGTERM' }],
  SIGKILL: [() => process.kill(process.pid, 'SIGKILL'), { code: null, signal: 'SIGKILL' }],
};

/** Ends a service when its child has come to a phase: 'child' is as soon as there is one. */
async function endIn(phase, how) {
  const cwd = tempFolder();
  const input = { phase, end: String(ENDS[how][0]), processes: require.resolve('../helpers/processes') };
  const { code, signal, stdout, stderr, reports } = await run(async ({ profiler, report, input }) => {
    const processes = require(input.processes);
    globalThis.kept = Array.from({ length: 20000 }, (_, at) => ({ at, text: `some text ${at}` }));
    let over = false;
    // Told before the end, because afterwards nobody can.
    const end = () => {
      const children = processes.childrenOf(process.pid);
      // A child can be quicker than the word of it: then the next one.
      if (over || children.length === 0) return;
      over = true;
      report(children);
      new Function(`(${input.end})()`)();
    };
    while (!over) {
      let settled = false;
      const onProgress = (call) => call.phase === input.phase && setImmediate(end);
      const capture = profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress });
      capture.finally(() => (settled = true)).catch(() => {});
      if (input.phase === 'child' && await processes.nextChild(new Set(), () => settled)) end();
      await capture.catch((error) => over || Promise.reject(error));
    }
  }, { input, cwd });
  const [children] = reports;
  // The kernel ends the child of one that was killed, which takes its time.
  while (children.some(processes.isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  const names = fs.readdirSync(cwd);
  const halves = names.filter((name) => name.endsWith('.heapsnapshot') && !countsOfFile(path.join(cwd, name)).whole);
  const partial = names.filter((name) => name.endsWith('.partial'));
  return { code, signal, stdout, stderr: stderr.includes('on purpose') ? '' : stderr, children: children.length, halves, partial };
}

test('in each phase, in each way', async () => {
  const cases = {
    'child, SIGKILL': ['child', 'SIGKILL'],
    'child, exit': ['child', 'process.exit'],
    'walk, exit': ['walk', 'process.exit'],
    'walk, SIGTERM': ['walk', 'SIGTERM, not handled'],
    'write, exception': ['write', 'an uncaught exception'],
  };
  const results = await fewAtOnce(Object.keys(cases), (name) => endIn(...cases[name]));
  for (const [name, [, how]] of Object.entries(cases)) {
    const { partial, ...found } = results[name];
    expect({ name, ...found }).toEqual({ name, ...ENDS[how][1], stdout: '', stderr: '', children: 1, halves: [] });
    if (found.signal === null) expect({ name, partial }).toEqual({ name, partial: [] });
  }
});
