'use strict';

/** The signal of rs-profiler/heapdump: its snapshot is a forked child's where that can be. */

const { run } = require('../../helpers/child');

/** Signals itself, and reports the children that it had and the warning or the complete dump that came of it. */
async function dump({ heapdump, report, sleep, input }) {
  const fs = require('fs');
  const processes = require(input.processes);
  if (input.settings) heapdump.configure(input.settings);
  globalThis.kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
  let warning;
  process.on('warning', ({ code }) => (warning = code));
  process.kill(process.pid, 'SIGUSR2');
  const children = new Set();
  let names = [];
  while (names.length === 0 && warning === undefined) {
    await sleep(1);
    for (const { pid } of processes.childrenOf(process.pid)) children.add(pid);
    names = fs.readdirSync('.').filter((name) => name.endsWith('.heapsnapshot'));
  }
  const whole = names.map((name) => require(input.outcome).countsOfFile(name).whole);
  report({ forked: children.size > 0, whole, warning });
}

const dumped = (env, settings) => run(dump, {
  env,
  input: { settings, processes: require.resolve('../../helpers/processes'), outcome: require.resolve('../../helpers/outcome') },
});
const quiet = { code: 0, signal: null, stdout: '' };

test.each([
  ['by default', {}, undefined, true],
  ['with isolation=fork', { NODE_HEAPDUMP_OPTIONS: 'isolation=fork' }, undefined, true],
  ['with isolation=inline', { NODE_HEAPDUMP_OPTIONS: 'isolation=inline' }, undefined, false],
  ['with configure({ isolation })', { NODE_HEAPDUMP_OPTIONS: 'isolation=fork' }, { isolation: 'inline' }, false],
  ['where forking is turned off', { RS_PROFILER_FORK: '0' }, undefined, false],
])('%s', async (_, env, settings, forked) => {
  const result = await dumped(env, settings);
  expect(result).toMatchObject({ ...quiet, stderr: '', report: { forked, whole: [true] } });
});

test('a child that is demanded and cannot be is a warning, and no file', async () => {
  const { code, report, files } = await dumped({ RS_PROFILER_FORK: '0', NODE_HEAPDUMP_OPTIONS: 'isolation=fork' });
  expect({ code, report, files }).toEqual({
    code: 0, report: { forked: false, whole: [], warning: 'ERR_RS_PROFILER_FORK_FAILED' }, files: {},
  });
});

test('a snapshot on its way keeps the process alive, and two signals in a row give two', async () => {
  const { code, signal, stderr, files } = await run(
    ({ heapdump }) => {
      process.on('SIGUSR2', () => {
        if (process.kept) return;
        process.kept = true;
        // Not from within the listener of the first.
        setImmediate(() => heapdump.signalHandler());
        clearInterval(tick);
      });
      const tick = setInterval(() => {}, 1000);
      process.kill(process.pid, 'SIGUSR2');
    },
    { env: { NODE_HEAPDUMP_OPTIONS: 'name=x-{seq}' } },
  );
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(Object.keys(files).sort()).toEqual(['x-001.heapsnapshot', 'x-002.heapsnapshot']);
});

test('an unknown isolation is an unknown word', async () => {
  const { stderr } = await run(({ heapdump }) => void heapdump, { env: { NODE_HEAPDUMP_OPTIONS: 'isolation=child' } });
  expect(stderr.trim()).toBe('node-heapdump: unrecognized option: isolation=child');
});
