'use strict';

/** Every way out of a process while something is captured: the exit code is the program's own, and nothing crashes. */

const { IS_BRIEF } = require('../helpers/brief');
const { run } = require('../helpers/child');
const {
  EXPECTED_INSIDE, INSIDE, STATES, exitInside, expectedOf, fewAtOnce, leave, mainWaysOutOf,
} = require('../helpers/ends');

const all = (names, valueOf) => Object.fromEntries(names.map((name) => [name, valueOf(name)]));

const states = IS_BRIEF ? ['everything at once'] : Object.keys(STATES);

test.each(states)('with %s, each kind of way out', async (state) => {
  const ways = mainWaysOutOf(state);
  expect(await fewAtOnce(ways, (way) => leave(state, way))).toEqual(all(ways, expectedOf));
});

test('process.exit inside each kind of callback', async () => {
  const places = Object.keys(INSIDE);
  expect(await fewAtOnce(places, exitInside)).toEqual(all(places, () => EXPECTED_INSIDE));
});

test('the natural end comes after files that are being written', async () => {
  const { code, stderr, files, report } = await run(({ profiler, report }) => {
    profiler.writeHeapSnapshot('a.heapsnapshot').then(({ bytes }) => report(bytes));
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(files).toEqual({ 'a.heapsnapshot': report });
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
