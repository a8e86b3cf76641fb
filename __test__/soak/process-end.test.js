'use strict';

/**
 * The end of the process with something running or unfinished. Crashes at that point come and go, so each combination
 * runs several times.
 */

const { run } = require('../helpers/child');

const RUNS = 5;

/** What is left, as source that calls `end` when it is there. */
const LEFT = {
  'profilers of every kind': `
    profiler.warmUp();
    profiler.startProfiling('left');
    profiler.startProfiling('other', true, 1);
    profiler.startProfiling('kept');
    globalThis.kept = profiler.stopProfiling('kept');
    profiler.startSamplingHeapProfiling(1024, 16);
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    end();`,
  'an unfinished export': `
    globalThis.stream = profiler.takeSnapshot().export();
    globalThis.stream.once('readable', end);`,
  'an unfinished file': `
    let begun = false;
    const onProgress = ({ phase }) => {
      if (phase === 'write' && !begun) setImmediate(end);
      if (phase === 'write') begun = true;
    };
    profiler.writeHeapSnapshot('left.heapsnapshot', { onProgress });`,
};

/** How the process ends: its exit code and the source of `end`. */
const ENDS = {
  'process.exit': [3, 'process.exit(3);'],
  'its natural end': [0, ''],
  'an uncaught exception': [1, 'throw new Error("on purpose");'],
  'an unhandled rejection': [1, 'Promise.reject(new Error("on purpose"));'],
  'SIGTERM, handled': [
    4,
    `process.on('SIGTERM', () => process.exit(4));
     process.kill(process.pid, 'SIGTERM');
     setInterval(() => {}, 1000);`,
  ],
};

/** Runs a source text in children, two at a time, and resolves with what each came to. */
async function repeat(input) {
  const results = [];
  const next = async () => {
    while (results.length < RUNS) {
      const at = results.push(null) - 1;
      const evaluate = (context) => new Function('context', 'require', context.input)(context, require);
      const result = await run(evaluate, { input });
      const { code, signal, stdout, stderr } = result;
      results[at] = { code, signal, stdout, stderr, files: Object.keys(result.files) };
    }
  };
  await Promise.all([next(), next()]);
  return results;
}

describe.each(Object.entries(ENDS))('%s', (how, [code, end]) => {
  test.each(Object.entries(LEFT))('with %s', async (what, left) => {
    const results = await repeat(`const { profiler } = context; const end = () => { ${end} }; ${left}`);
    for (const { stderr, files, ...result } of results) {
      expect(result).toEqual({ code, signal: null, stdout: '' });
      expect(stderr.includes('on purpose') ? 'on purpose' : stderr).toBe(code === 1 ? 'on purpose' : '');
      // A file that is being written keeps the process alive; one that is cut off leaves nothing.
      const isWhole = how === 'its natural end' && what === 'an unfinished file';
      if (isWhole) expect(files).toEqual(['left.heapsnapshot']);
      else expect(files.filter((name) => name !== 'left.heapsnapshot')).toEqual([]);
    }
  });
});

describe('process.exit inside', () => {
  test.each([
    ['the callback of an export', 'profiler.takeSnapshot().export(() => process.exit(5));'],
    ['the iterator of serialize', 'profiler.takeSnapshot().serialize(() => process.exit(5), () => {});'],
    ['control', 'profiler.takeSnapshot("x", () => process.exit(5));'],
    ['getHeapStats', 'profiler.startTrackingHeapObjects(); profiler.getHeapStats(() => process.exit(5));'],
    ['onProgress', 'profiler.writeHeapSnapshot("left.heapsnapshot", { onProgress: () => process.exit(5) });'],
    ['a data listener', 'profiler.takeSnapshot().export().on("data", () => process.exit(5));'],
    [
      'the callback of a CPU profile while another runs',
      `profiler.startProfiling('a');
       profiler.startProfiling('b');
       profiler.stopProfiling('a').export(() => process.exit(5));`,
    ],
  ])('%s', async (where, source) => {
    const results = await repeat(`const { profiler } = context; ${source}`);
    expect(results).toEqual(Array(RUNS).fill({ code: 5, signal: null, stdout: '', stderr: '', files: [] }));
  });
});
