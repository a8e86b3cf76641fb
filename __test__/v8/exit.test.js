'use strict';

/** Every way out of a process while something is captured: the exit code is the program's own, and nothing crashes. */

const { run } = require('../helpers/child');

/** What may be under way, by name. Each is the text of a function of `profiler`. */
const BUSY = {
  'a CPU profile': ({ profiler, workload }) => {
    profiler.startProfiling('open');
    workload.spin(10);
  },
  'a warm CPU profiler and two profiles': ({ profiler }) => {
    profiler.warmUp();
    profiler.startProfiling('one');
    profiler.startProfiling('two', false, 1);
  },
  'heap sampling': ({ profiler, workload }) => {
    profiler.startSamplingHeapProfiling(1024, 16);
    process.kept = workload.allocateThings(5000);
  },
  tracking: ({ profiler }) => {
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
  },
  'an export that nobody reads': ({ profiler }) => {
    process.kept = profiler.takeSnapshot().export();
    process.kept.once('readable', () => {});
  },
  'an export to a slow stream': ({ profiler }) => {
    const { Writable } = require('stream');
    const snapshot = profiler.takeSnapshot();
    snapshot.export(new Writable({ write: (chunk, encoding, done) => setTimeout(done, 50).unref() }));
    snapshot.delete();
  },
  'a file being written': ({ profiler }) => {
    profiler.writeHeapSnapshot('a.heapsnapshot').catch(() => {});
    profiler.captureCpuProfile({ durationMs: 5000, path: '.' }).catch(() => {});
    profiler.captureSamplingHeapProfile({ durationMs: 5000, path: '.' }).catch(() => {});
  },
  'everything at once': ({ profiler }) => {
    profiler.startProfiling('open');
    profiler.startSamplingHeapProfiling();
    profiler.startTrackingHeapObjects();
    process.kept = profiler.takeSnapshot().export();
    profiler.stopProfiling('open').export();
    profiler.startProfiling('again');
  },
};

/** The ways out, with the exit code each must give. */
const WAYS = {
  'process.exit(7)': [() => setTimeout(() => process.exit(7), 20), 7],
  'process.exit(0) at once': [() => process.exit(0), 0],
  'an uncaught exception': [
    () =>
      setTimeout(() => {
        throw new Error('uncaught on purpose');
      }, 20),
    1,
  ],
  'SIGTERM with a handler that exits': [
    () => {
      process.on('SIGTERM', () => process.exit(9));
      process.kill(process.pid, 'SIGTERM');
      setTimeout(() => {}, 10000);
    },
    9,
  ],
};

async function leave(busy, way) {
  return run(
    (context) => {
      const [busy, way] = context.input.map((text) => new Function('require', `return ${text}`)(require));
      busy(context);
      way();
    },
    { input: [String(busy), String(way)] },
  );
}

describe.each(Object.keys(BUSY))('with %s', (name) => {
  test.each(Object.keys(WAYS))('%s', async (way) => {
    const [leaving, expected] = WAYS[way];
    const { code, signal, stderr, files } = await leave(BUSY[name], leaving);
    expect({ code, signal }).toEqual({ code: expected, signal: null });
    if (way === 'an uncaught exception') expect(stderr).toContain('uncaught on purpose');
    else expect(stderr).toBe('');
    // A file bears its name only when it is complete.
    expect(Object.keys(files).filter((file) => !file.endsWith('.partial') && files[file] === 0)).toEqual([]);
  });
});

describe('the natural end', () => {
  const endless = ['a file being written', 'an export to a slow stream'];

  test.each(Object.keys(BUSY).filter((name) => !endless.includes(name)))('with %s', async (name) => {
    const { code, signal, stderr } = await leave(BUSY[name], () => {});
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('comes after files that are being written', async () => {
    const { code, stderr, files, report } = await run(({ profiler, report }) => {
      profiler.writeHeapSnapshot('a.heapsnapshot').then(({ bytes }) => report(bytes));
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(files).toEqual({ 'a.heapsnapshot': report });
  });
});

test('captures in an exit handler work', async () => {
  const { code, stderr, report, files } = await run(({ profiler, heapdump, workload, report }) => {
    profiler.startProfiling('until the end');
    profiler.startSamplingHeapProfiling();
    process.on('exit', () => {
      workload.spin(20);
      const profile = profiler.stopProfiling('until the end');
      const text = JSON.stringify(profile);
      profiler.stopSamplingHeapProfiling();
      report([JSON.parse(text).head.functionName, heapdump.writeSnapshot('end.heapsnapshot')]);
      profiler.startProfiling('never stopped');
    });
  });
  expect({ code, stderr, report }).toEqual({ code: 0, stderr: '', report: ['(root)', true] });
  expect(Object.keys(files)).toEqual(['end.heapsnapshot']);
});
