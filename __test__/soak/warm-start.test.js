'use strict';

/** What warmUp is for. Times are compared, so this needs a machine with nothing else to do. */

const { runClean } = require('../helpers/child');

test('a warm start is cheaper than a cold one', async () => {
  const [cold, warm] = await runClean(({ profiler, workload, report }) => {
    const timeOfStart = () => {
      const begin = process.hrtime.bigint();
      profiler.startProfiling('timed');
      const taken = Number(process.hrtime.bigint() - begin) / 1e6;
      workload.spin(5);
      profiler.stopProfiling('timed').delete();
      return taken;
    };
    const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
    const five = () => median(Array.from({ length: 5 }, timeOfStart));
    const cold = five();
    profiler.warmUp();
    report([cold, five()]);
  });
  expect(warm).toBeLessThan(cold);
});
