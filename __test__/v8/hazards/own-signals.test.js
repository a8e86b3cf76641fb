'use strict';

/** Signals that a process sends to itself and survives. Node runs hooks of its end before them. */

const { run } = require('../../helpers/child');

test.each([
  // One child for those that change nothing.
  ['SIGWINCH, SIGCONT and SIGCHLD', ['SIGWINCH', 'SIGCONT', 'SIGCHLD']],
  ['SIGUSR1', ['SIGUSR1']],
])('what is recording and being written goes on after %s', async (_, signals) => {
  const child = { input: signals, nodeArgs: ['--inspect-port=0'] };
  const { code, signal: end, stderr, report } = await run(async ({ profiler, sleep, report, input }) => {
    profiler.startProfiling('before');
    profiler.startSamplingHeapProfiling();
    profiler.startTrackingHeapObjects();
    const writing = profiler.writeHeapSnapshot('a.heapsnapshot');
    const stream = profiler.takeSnapshot().export();
    const capture = profiler.captureCpuProfile({ durationMs: 100 });
    for (const signal of input) {
      process.kill(process.pid, signal);
      await sleep(20);
    }
    let length = 0;
    for await (const chunk of stream) length += chunk.length;
    report({
      profile: profiler.stopProfiling('before').title,
      sampling: Boolean(profiler.stopSamplingHeapProfiling().head),
      stats: typeof profiler.getHeapStats(),
      file: (await writing).bytes > 0,
      stream: length > 0,
      capture: Array.isArray((await capture).samples),
      later: profiler.takeSnapshot().nodesCount > 0,
    });
    // An inspector that was opened keeps nobody waiting.
    process.exit(0);
  }, child);
  // SIGUSR1 opens the inspector, and Node says so.
  const said = stderr.replace(/^(Debugger listening on|For help, see:|Debugger ending on) .*\n/gm, '');
  expect({ code, end, said }).toEqual({ code: 0, end: null, said: '' });
  expect(report).toEqual({ profile: 'before', sampling: true, stats: 'number', file: true, stream: true, capture: true, later: true });
});
