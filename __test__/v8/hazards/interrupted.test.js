'use strict';

/** Starts that are interrupted, signals that are none, and profilers that somebody else takes over. */

const { runClean } = require('../../helpers/child');

describe('an interrupted start', () => {
  test('by a time limit of vm: what records can be stopped, and nothing else records', async () => {
    const seen = await runClean(async ({ profiler, sleep, report }) => {
      const fs = require('node:fs');
      const vm = require('node:vm');
      // Only a start on a large heap is slow enough to be interrupted in.
      globalThis.kept = Array.from({ length: 200000 }, (_, i) => ({ i }));
      const threads = () => fs.readdirSync('/proc/self/task').map((id) => fs.readFileSync(`/proc/self/task/${id}/comm`, 'utf8'));
      const samplers = () => (process.platform === 'linux' ? threads().filter((name) => /Prof/.test(name)).length : 0);
      const codes = new Set();
      // Node's own modules, loaded late, do not bear an interruption.
      await profiler.captureCpuProfile({ durationMs: 1 });
      for (let i = 0; i < 60; i++) {
        const start = i % 2 ? () => profiler.startProfiling(`p${i}`) : () => { profiler.captureCpuProfile({ durationMs: 20 }); };
        try {
          vm.runInNewContext('start()', { start }, { timeout: 1 + (i % 12) });
        } catch (error) {
          if (error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        }
        try {
          for (;;) profiler.stopProfiling();
        } catch (error) {
          codes.add(error.code);
        }
        profiler.deleteAllProfiles();
      }
      // Comes to its end by this or not at all: then the process is taken for hung.
      while (samplers() > 0) await sleep(20);
      profiler.startProfiling('after');
      report({ left: samplers() - 1, codes: [...codes], after: profiler.stopProfiling().title });
    });
    expect(seen).toEqual({ left: process.platform === 'linux' ? 0 : -1, codes: ['ERR_RS_PROFILER_NOT_RUNNING'], after: 'after' });
  });

  test('by a full stack, at every depth: the stop agrees with the start', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      let started = 0;
      let refused = 0;
      const dig = (depth) => {
        if (depth > 0) return dig(depth - 1);
        return profiler.startProfiling('deep');
      };
      let limit = 1;
      const overflows = (depth) => {
        try {
          dig(depth);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return true;
        }
        profiler.stopProfiling('deep').delete();
        return false;
      };
      while (!overflows(limit)) limit *= 2;
      let [low, high] = [limit / 2, limit];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (overflows(middle)) high = middle;
        else low = middle;
      }
      // Frames change their size when V8 optimises: a wide range of depths has some that fit and some that do not.
      for (let depth = low >> 1; depth < low * 2; depth += Math.ceil(low / 40)) {
        let threw = false;
        try {
          dig(depth);
          started++;
        } catch {
          threw = true;
          refused++;
        }
        const stopped = profiler.stopProfiling('deep');
        if (threw && stopped) throw new Error(`threw at depth ${depth}, and recorded`);
        if (!threw && !stopped) throw new Error(`started at depth ${depth}, and cannot be stopped`);
      }
      report([started > 0, refused > 0, codeOf(() => profiler.stopProfiling()).error.code]);
    });
    expect(seen).toEqual([true, true, 'ERR_RS_PROFILER_NOT_RUNNING']);
  });
});

describe('something that only looks like an AbortSignal', () => {
  test('is refused before anything starts, and one of another realm is taken', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      const vm = require('node:vm');
      const controller = new AbortController();
      const listener = () => {};
      const odd = [
        { aborted: false }, { aborted: false, addEventListener: listener }, { aborted: 'no', addEventListener: listener, removeEventListener: listener },
        [], 'signal', 5, () => {}, null,
      ];
      const captures = [
        (signal) => profiler.captureCpuProfile({ signal, durationMs: 5 }),
        (signal) => profiler.captureSamplingHeapProfile({ signal, durationMs: 5 }),
        (signal) => profiler.writeHeapSnapshot(undefined, { signal }),
        async (signal) => profiler.createHeapSnapshotStream({ signal }),
      ];
      const codes = new Set();
      for (const capture of captures) {
        for (const signal of odd) codes.add(await capture(signal).then(() => 'taken', (error) => `${error.name} ${error.code}`));
      }
      // What throws by and by is not let out of a timer.
      const faulty = {
        get aborted() { return this.reads++ < 3 ? false : this.fail(); },
        reads: 0,
        fail() { throw new Error('late'); },
        addEventListener: listener,
        removeEventListener() { if (this.reads > 3) this.fail(); },
      };
      const survived = (await profiler.captureCpuProfile({ signal: faulty, durationMs: 5 })).nodes.length > 0;
      const refusing = { aborted: false, addEventListener() { throw new Error('mine'); }, removeEventListener: listener };
      const own = await profiler.captureCpuProfile({ signal: refusing, durationMs: 5 }).catch((error) => error.message);
      const foreign = vm.runInNewContext('({ get aborted() { return real.aborted }, addEventListener: (...a) => real.addEventListener(...a), '
        + 'removeEventListener: (...a) => real.removeEventListener(...a) })', { real: controller.signal });
      setTimeout(() => controller.abort(), 5);
      const taken = await profiler.captureCpuProfile({ signal: foreign });
      report({ codes: [...codes], survived, own, taken: taken.nodes.length > 0 });
    });
    expect(seen).toEqual({ codes: ['TypeError ERR_RS_PROFILER_INVALID_ARGUMENT'], survived: true, own: 'mine', taken: true });
  });
});

describe('an inspector that takes the sampling heap profiler over', () => {
  test('the stop says so, and the next start samples again', async () => {
    const seen = await runClean(async ({ profiler, codeOf, report }) => {
      const { Session } = require('node:inspector');
      const session = new Session();
      session.connect();
      const post = (method) => new Promise((resolve) => session.post(method, (error) => resolve(error ? error.message : 'done')));
      const end = async () => {
        await post('HeapProfiler.startSampling');
        await post('HeapProfiler.stopSampling');
      };
      profiler.startSamplingHeapProfiling();
      await end();
      const lost = codeOf(() => profiler.stopSamplingHeapProfiling()).error.code;
      profiler.startSamplingHeapProfiling();
      await end();
      profiler.startSamplingHeapProfiling();
      const head = profiler.stopSamplingHeapProfiling().head.callFrame.functionName;
      const capture = profiler.captureSamplingHeapProfile({ durationMs: 60 }).catch((error) => error.code);
      await end();
      const second = await profiler.captureSamplingHeapProfile({ durationMs: 1 });
      report({ lost, head, capture: await capture, second: second.head.callFrame.functionName });
    });
    const code = 'ERR_RS_PROFILER_NOT_RUNNING';
    expect(seen).toEqual({ lost: code, head: '(root)', capture: code, second: '(root)' });
  });
});

describe('limits', () => {
  test('eight intervals at once, a ninth is refused; profiles of one interval share a profiler', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      const outcomes = await Promise.all(Array.from({ length: 24 }, (_, i) => profiler
        .captureCpuProfile({ durationMs: 20, samplingIntervalUs: 1000 + (i % 12) })
        .then(() => 'recorded', (error) => error.code)));
      const count = (what) => outcomes.filter((outcome) => outcome === what).length;
      report([count('recorded'), count('ERR_RS_PROFILER_TOO_MANY_PROFILES')]);
    });
    expect(seen).toEqual([16, 8]);
  });

  test('a hundred profiles at once, in all', async () => {
    const seen = await runClean(async ({ profiler, codeOf, report }) => {
      const ends = new AbortController();
      require('node:events').setMaxListeners(0, ends.signal);
      const captures = [1000, 2000, 3000].flatMap((samplingIntervalUs) => Array.from({ length: 30 }, () => profiler
        .captureCpuProfile({ signal: ends.signal, samplingIntervalUs })));
      for (let i = 0; i < 10; i++) profiler.startProfiling(`p${i}`);
      const full = codeOf(() => profiler.startProfiling('one too many')).error.code;
      const kept = profiler.stopProfiling('one too many');
      ends.abort();
      const recorded = (await Promise.all(captures)).length;
      profiler.startProfiling('fits');
      report([full, kept === undefined, recorded, profiler.stopProfiling().title]);
    });
    expect(seen).toEqual(['ERR_RS_PROFILER_TOO_MANY_PROFILES', true, 90, 'fits']);
  });

  test('an interval below 100 us is refused by a capture', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      const outcomes = [];
      for (const samplingIntervalUs of [1, 10, 99, 100]) {
        outcomes.push(await profiler.captureCpuProfile({ durationMs: 5, samplingIntervalUs }).then(() => 'recorded', (error) => error.message));
      }
      report(outcomes);
    });
    const refused = 'samplingIntervalUs must be an integer from 100 to 2147483647.';
    expect(seen).toEqual([refused, refused, refused, 'recorded']);
  });
});
