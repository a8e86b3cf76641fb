'use strict';

/**
 * What may be under way when a process ends, and the ways it may end. Each pair needs a process of its own, so what does not
 * interfere is under way together. The soak tier runs each pair several times: such crashes come and go. The v8 tier runs each way
 * with everything under way at once, and each state with one way of each kind.
 */

const { run } = require('./child');

/** What may be under way, by name: functions of helpers/child.js's context. One that gives a promise is under way then. */
const STATES = {
  'profilers of every kind': ({ profiler, workload }) => {
    profiler.startProfiling('open');
    profiler.startSamplingHeapProfiling(1024, 16);
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats();
    process.kept = workload.allocateThings(5000);
    workload.spin(10);
  },
  'a warm CPU profiler, two profiles and a stopped one': ({ profiler }) => {
    profiler.warmUp();
    profiler.startProfiling('one');
    profiler.startProfiling('two', false, 1);
    profiler.startProfiling('kept');
    process.kept = profiler.stopProfiling('kept');
  },
  'an export that nobody reads, and one to a slow stream': ({ profiler }) => {
    const { Writable } = require('stream');
    const snapshot = profiler.takeSnapshot();
    process.kept = snapshot.export();
    snapshot.export(new Writable({ write: (chunk, encoding, done) => setTimeout(done, 50).unref() }));
    snapshot.delete();
    return new Promise((resolve) => process.kept.once('readable', resolve));
  },
  'files being written': ({ profiler }) => {
    profiler.captureCpuProfile({ durationMs: 5000, path: '.' }).catch(() => {});
    profiler.captureSamplingHeapProfile({ durationMs: 5000, path: '.' }).catch(() => {});
    return new Promise((resolve) => {
      const onProgress = ({ phase }) => phase === 'write' && setImmediate(resolve);
      profiler.writeHeapSnapshot('a.heapsnapshot', { onProgress }).catch(() => {});
    });
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

/** What lasts as long as its reader or its duration: it would not come to its natural end within a test. */
const ENDLESS = ['an export that nobody reads, and one to a slow stream', 'files being written'];

/** The ways out: the exit code each must give, and the text of a function. */
const WAYS = {
  'process.exit(7)': [7, () => setTimeout(() => process.exit(7), 20)],
  'process.exit(0) at once': [0, () => process.exit(0)],
  'an uncaught exception': [
    1,
    () =>
      setTimeout(() => {
        throw new Error('on purpose');
      }, 20),
  ],
  'an unhandled rejection': [1, () => setTimeout(() => Promise.reject(new Error('on purpose')), 20)],
  'SIGTERM with a handler that exits': [
    9,
    () => {
      process.on('SIGTERM', () => process.exit(9));
      process.kill(process.pid, 'SIGTERM');
      setTimeout(() => {}, 10000);
    },
  ],
  'its natural end': [0, () => {}],
};

/** Places where a callback of ours may call process.exit(5). */
const INSIDE = {
  'the callback of an export': ({ profiler }) => profiler.takeSnapshot().export(() => process.exit(5)),
  'the iterator of serialize': ({ profiler }) => profiler.takeSnapshot().serialize(() => process.exit(5), () => {}),
  control: ({ profiler }) => profiler.takeSnapshot('x', () => process.exit(5)),
  getHeapStats: ({ profiler }) => {
    profiler.startTrackingHeapObjects();
    profiler.getHeapStats(() => process.exit(5));
  },
  onProgress: ({ profiler }) => profiler.writeHeapSnapshot('left.heapsnapshot', { onProgress: () => process.exit(5) }),
  'a data listener': ({ profiler }) => profiler.takeSnapshot().export().on('data', () => process.exit(5)),
  'the callback of a CPU profile while another runs': ({ profiler }) => {
    profiler.startProfiling('a');
    profiler.startProfiling('b');
    profiler.stopProfiling('a').export(() => process.exit(5));
  },
};

/** Ways of each kind: at once, by way of an error, later by itself. The others differ from these in what comes before. */
const KINDS_OF_WAYS = ['process.exit(0) at once', 'an uncaught exception', 'its natural end'];

/** The ways out of a state that the v8 tier goes. */
function mainWaysOutOf(state) {
  return waysOutOf(state).filter((way) => state === 'everything at once' || KINDS_OF_WAYS.includes(way));
}

/** The ways out that end a state within the test. */
function waysOutOf(state) {
  return Object.keys(WAYS).filter((way) => way !== 'its natural end' || !ENDLESS.includes(state));
}

/** What a process came to, as far as tests compare it. */
async function outcome(running) {
  const { code, signal, stdout, stderr, files } = await running;
  // A file bears its name only when it is complete, and one that is cut off leaves nothing.
  const unfinished = Object.keys(files).filter((file) => file.endsWith('.partial') || files[file] === 0);
  return { code, signal, stdout, stderr: stderr.includes('on purpose') ? 'on purpose' : stderr, unfinished };
}

/** Runs a process that has something under way and ends in one of the ways. */
function leave(state, way) {
  const input = [String(STATES[state]), String(WAYS[way][1])];
  return outcome(run((context) => {
    const [begin, end] = context.input.map((text) => new Function('require', `return ${text}`)(require));
    const begun = begin(context);
    if (begun && begun.then) begun.then(end);
    else end();
  }, { input }));
}

/** What `leave` must resolve with. */
function expectedOf(way) {
  const [code] = WAYS[way];
  return { code, signal: null, stdout: '', stderr: code === 1 ? 'on purpose' : '', unfinished: [] };
}

/** Runs a process that calls process.exit(5) in one of the places. */
async function exitInside(place) {
  const running = run(INSIDE[place]);
  return { ...await outcome(running), files: Object.keys((await running).files) };
}

const EXPECTED_INSIDE = { code: 5, signal: null, stdout: '', stderr: '', unfinished: [], files: [] };

/** Calls `use` for each name, a few at a time, and resolves with `{ name: result }`. */
async function fewAtOnce(names, use) {
  const results = {};
  const left = [...names];
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) results[name] = await use(name);
  };
  await Promise.all([work(), work(), work()]);
  return results;
}

module.exports = { EXPECTED_INSIDE, INSIDE, STATES, exitInside, expectedOf, fewAtOnce, leave, mainWaysOutOf, waysOutOf };
