'use strict';

/**
 * Every public function with arguments that make no sense: the process goes on, and what is thrown is an Error with a
 * code.
 */

const { runClean } = require('../../helpers/child');

const input = require.resolve('../../helpers/junk');

/** Runs a part in a child; it reports what was wrong and how many calls there were. */
async function expectNothingFound(part, least) {
  const { findings, calls } = await runClean(part, { input });
  expect(findings).toEqual([]);
  expect(calls).toBeGreaterThanOrEqual(least);
}

describe('junk arguments', () => {
  test('of the CPU profiler', async () => {
    await expectNothingFound(async ({ profiler, input, sleep, report }) => {
      const { Fuzzer, everyPlace } = require(input);
      const fuzzer = new Fuzzer();
      console.error = () => {};
      const stopAll = () => {
        for (let running = 200; running > 0; running--) {
          try {
            profiler.stopProfiling().delete();
          } catch (error) {
            fuzzer.judge('stop', error);
            return;
          }
        }
      };
      profiler.warmUp();
      for (const name of ['setGenerateType', 'setProfilesCleanupLimit', 'setSamplingInterval', 'stopProfiling']) {
        await fuzzer.run(name, everyPlace(), profiler[name]);
      }
      await fuzzer.run('startProfiling', everyPlace(), profiler.startProfiling);
      for (const name of ['setSamplingInterval', 'stopProfiling', 'collectSample', 'getProfile', 'findProfile']) {
        await fuzzer.run(name, everyPlace(), profiler[name]);
      }
      stopAll();
      profiler.setSamplingInterval();
      for (const type of [0, 1]) {
        profiler.setGenerateType(type);
        profiler.startProfiling('exported');
        const profile = profiler.stopProfiling();
        const drain = (stream) => stream && typeof stream.resume === 'function' && stream.resume();
        await fuzzer.run('export', everyPlace(), (...args) => profile.export(...args), drain);
        await fuzzer.run('export', everyPlace(), (format, to) => profile.export({ format }, to), drain);
        await fuzzer.run('delete', everyPlace(), profile.delete);
      }
      for (const name of ['deleteAllProfiles', 'warmUp', 'coolDown', 'getProfile', 'findProfile', 'capabilities']) {
        await fuzzer.run(name, everyPlace(), profiler[name]);
      }
      await sleep(50);
      report({ findings: fuzzer.findings, calls: fuzzer.calls });
    }, 1000);
  });

  test('of the sampling heap profiler', async () => {
    await expectNothingFound(async ({ profiler, input, sleep, report }) => {
      const { Fuzzer, everyPair, everyPlace } = require(input);
      const fuzzer = new Fuzzer();
      const stop = () => profiler.stopSamplingHeapProfiling();
      await fuzzer.run('stop', everyPlace(), profiler.stopSamplingHeapProfiling);
      await fuzzer.run('start', everyPlace(), profiler.startSamplingHeapProfiling, stop);
      profiler.startSamplingHeapProfiling();
      await fuzzer.run('start', everyPair(), profiler.startSamplingHeapProfiling);
      const profile = stop();
      await fuzzer.run('export', everyPlace(), (...args) => profile.export(...args), (stream) => {
        if (stream && typeof stream.resume === 'function') stream.resume();
      });
      await sleep(50);
      report({ findings: fuzzer.findings, calls: fuzzer.calls });
    }, 300);
  });

  test('of the heap profiler and of a snapshot', async () => {
    await expectNothingFound(async ({ profiler, input, sleep, report }) => {
      const { Fuzzer, everyPlace, everyValue } = require(input);
      const fuzzer = new Fuzzer();
      // All kinds of arguments of what walks the heap stand in the unit tier.
      const few = () => [[undefined], [Symbol('junk')], [() => {}]];
      profiler.takeSnapshot('kept');
      for (const name of ['startTrackingHeapObjects', 'getHeapObjectId', 'getSnapshot', 'findSnapshot']) {
        await fuzzer.run(name, everyPlace(), profiler[name]);
      }
      await fuzzer.run('getHeapStats', few(), (value) => profiler.getHeapStats(value, value));
      await fuzzer.run('stopTrackingHeapObjects', everyPlace(), profiler.stopTrackingHeapObjects);
      await fuzzer.run('getObjectByHeapObjectId', [[NaN], [-1], [1e20], [{}]], profiler.getObjectByHeapObjectId);
      const [snapshot] = Object.values(profiler.snapshots);
      const other = profiler.takeSnapshot();
      for (const name of ['getNode', 'getNodeById', 'getHeader']) {
        await fuzzer.run(name, everyPlace(), (...args) => snapshot[name](...args));
      }
      await fuzzer.run('compare', everyValue(), (value) => snapshot.compare(value));
      await fuzzer.run('serialize', everyValue(), (value) => snapshot.serialize(value, value));
      await fuzzer.run('export', everyValue(), (...args) => snapshot.export(...args), (stream) => {
        if (stream && typeof stream.destroy === 'function') stream.destroy();
      });
      await fuzzer.run('delete', everyPlace(), snapshot.delete);
      await fuzzer.run('deleteAllSnapshots', everyPlace(), profiler.deleteAllSnapshots);
      await fuzzer.run('export', everyPlace(), (...args) => other.export(...args));
      await sleep(50);
      report({ findings: fuzzer.findings, calls: fuzzer.calls });
    }, 600);
  });

  test('of the functions that return promises', async () => {
    await expectNothingFound(async ({ profiler, input, sleep, report }) => {
      const { Fuzzer, everyPlace, everyValue } = require(input);
      const fuzzer = new Fuzzer();
      profiler.warmUp();
      for (const name of ['captureCpuProfile', 'captureSamplingHeapProfile']) {
        await fuzzer.run(name, everyPlace(), profiler[name]);
        for (const option of ['durationMs', 'signal', 'path', 'onProgress', 'format']) {
          const use = (value) => profiler[name]({ durationMs: 1, [option]: value });
          await fuzzer.run(`${name} ${option}`, everyValue(), use);
        }
      }
      for (const option of ['samplingIntervalUs', 'mode']) {
        const use = (value) => profiler.captureCpuProfile({ durationMs: 1, [option]: value });
        await fuzzer.run(option, everyValue(), use);
      }
      for (const option of ['intervalBytes', 'stackDepth']) {
        const use = (value) => profiler.captureSamplingHeapProfile({ durationMs: 1, [option]: value });
        await fuzzer.run(option, everyValue(), use);
      }
      const { createHeapSnapshotStream } = profiler;
      await fuzzer.run('stream', everyPlace(), createHeapSnapshotStream, (stream) => stream.destroy());
      await sleep(50);
      report({ findings: fuzzer.findings, calls: fuzzer.calls });
    }, 300);
  });

  test('of the functions that write a snapshot', async () => {
    await expectNothingFound(async ({ profiler, heapdump, input, sleep, report }) => {
      const { Fuzzer, everyPlace, everyValue } = require(input);
      const fuzzer = new Fuzzer();
      // All the others stand in the unit tier, where no heap is walked.
      await fuzzer.run('writeHeapSnapshot', everyValue(), profiler.writeHeapSnapshot);
      await fuzzer.run('writeSnapshot', [[Symbol('junk')], ['', {}]], heapdump.writeSnapshot);
      await fuzzer.run('configure', everyPlace(), heapdump.configure);
      for (const setting of ['signal', 'dir', 'name']) {
        await fuzzer.run(setting, everyValue(), (value) => heapdump.configure({ [setting]: value }));
      }
      await sleep(50);
      report({ findings: fuzzer.findings, calls: fuzzer.calls });
    }, 110);
  });
});
