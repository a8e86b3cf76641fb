'use strict';

/** Signals that a process sends to itself and survives. Node runs hooks of its end before them. */

const { run } = require('../../helpers/child');

test.each(['SIGWINCH', 'SIGCONT', 'SIGCHLD', 'SIGUSR1'])('what is recording and being written goes on after %s', async (signal) => {
  const child = { input: signal, nodeArgs: ['--inspect-port=0'] };
  const { code, signal: end, stderr, report } = await run(async ({ profiler, sleep, report, input }) => {
    profiler.startProfiling('before');
    profiler.startSamplingHeapProfiling();
    profiler.startTrackingHeapObjects();
    const writing = profiler.writeHeapSnapshot('a.heapsnapshot');
    const stream = profiler.takeSnapshot().export();
    const capture = profiler.captureCpuProfile({ durationMs: 200 });
    process.kill(process.pid, input);
    await sleep(100);
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
