'use strict';

/** What ends the process in v8-profiler or v8-profiler-next when it is done to the CPU or the sampling heap profiler. */

const { runTogether } = require('../../helpers/together');

describe('stopping what does not run', () => {
  test('stopProfiling() and stopProfiling("") throw, before the first start and after the last stop', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const stops = [() => profiler.stopProfiling(), () => profiler.stopProfiling('')];
      const codes = () => stops.map((stop) => codeOf(stop).error.code);
      const before = codes();
      profiler.startProfiling('one');
      profiler.stopProfiling();
      const after = codes();
      profiler.startProfiling('two');
      report({ before, after, next: profiler.stopProfiling().title });
    });
    const code = 'ERR_RS_PROFILER_NOT_RUNNING';
    expect(seen).toEqual({ before: [code, code], after: [code, code], next: 'two' });
  });

  test('stopSamplingHeapProfiling() throws, before the first start and at the second stop', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const stop = () => codeOf(() => profiler.stopSamplingHeapProfiling());
      const first = stop().error.code;
      profiler.startSamplingHeapProfiling();
      const keys = Object.keys(profiler.stopSamplingHeapProfiling());
      report({ first, keys, second: stop().error.code, third: stop().error.isError });
    });
    const code = 'ERR_RS_PROFILER_NOT_RUNNING';
    expect(seen).toEqual({ first: code, keys: ['head'], second: code, third: true });
  });
});

describe('CpuProfile#delete', () => {
  test('unbound, as the listener of a stream, and repeated', async () => {
    const seen = await runTogether(({ profiler, workload, report }) => {
      const fs = require('node:fs');
      profiler.startProfiling('article');
      workload.spin(20);
      const profile = profiler.stopProfiling('article');
      const remove = profile.delete;
      profile
        .export()
        .pipe(fs.createWriteStream('article.cpuprofile'))
        .on('finish', profile.delete)
        .on('finish', () => {
          const { title, samples } = JSON.parse(fs.readFileSync('article.cpuprofile', 'utf8'));
          const returned = [remove(), remove.call(null), profile.delete()];
          profiler.deleteAllProfiles();
          report({ title, samples: samples.length > 0, returned, left: Object.keys(profiler.profiles) });
        });
    });
    expect(seen).toEqual({ title: 'article', samples: true, returned: [null, null, null], left: [] });
  });

  test('at once after a stop, with others running and read afterwards', async () => {
    const seen = await runTogether(({ profiler, report }) => {
      const profiles = [];
      profiler.startProfiling('outer');
      for (let i = 0; i < 20; i++) {
        profiler.startProfiling(`n${i}`);
        const profile = profiler.stopProfiling(`n${i}`);
        profile.delete();
        profiles.push(profile);
      }
      const outer = profiler.stopProfiling('outer');
      outer.delete();
      const names = new Set([...profiles, outer].map((profile) => profile.head.functionName));
      report({ names: [...names], samples: outer.samples.length > 0, timestamps: Array.isArray(outer.timestamps) });
    });
    expect(seen).toEqual({ names: ['(root)'], samples: true, timestamps: true });
  });

  test('while its exports run: they are complete', async () => {
    const seen = await runTogether(async ({ profiler, workload, report }) => {
      profiler.setSamplingInterval(100);
      profiler.startProfiling('exported');
      workload.spin(300);
      const profile = profiler.stopProfiling('exported');
      const texts = [0, 1].map(() => new Promise((resolve) => profile.export((error, text) => resolve(error || text))));
      profile.delete();
      texts.push(new Promise((resolve) => profile.export((error, text) => resolve(error || text))));
      profile.delete();
      const [first, second, third] = await Promise.all(texts);
      const complete = JSON.parse(first).samples.length === profile.samples.length;
      report({ equal: first === second && second === third, complete });
    });
    expect(seen).toEqual({ equal: true, complete: true });
  });
});

describe('startSamplingHeapProfiling', () => {
  test('refuses an interval of 0, which V8 answers with a trap', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const errors = [16, 0, -1].map((depth) => codeOf(() => profiler.startSamplingHeapProfiling(0, depth)).error);
      const idle = codeOf(() => profiler.stopSamplingHeapProfiling()).error.code;
      report({ errors: errors.map(({ name, code }) => `${name} ${code}`), idle });
    });
    const error = 'RangeError ERR_RS_PROFILER_INVALID_ARGUMENT';
    expect(seen).toEqual({ errors: [error, error, error], idle: 'ERR_RS_PROFILER_NOT_RUNNING' });
  });

  test('takes any other uint32 and any number for the depth', async () => {
    const seen = await runTogether(({ profiler, workload, report }) => {
      const kept = [];
      const profiles = [
        [2 ** 32 - 1, 16],
        [1024, 0],
        [1024, -5],
        [1024, 2 ** 31],
        [1024, 1e20],
        [1024, NaN],
        [1024, Infinity],
        [1024, 2.5],
        [1, 1],
      ].map(([interval, depth]) => {
        profiler.startSamplingHeapProfiling(interval, depth);
        kept.push(workload.allocateThings(50));
        return profiler.stopSamplingHeapProfiling();
      });
      report({ names: profiles.map((profile) => profile.head.callFrame.functionName), kept: kept.length });
    });
    expect(seen).toEqual({ names: Array(9).fill('(root)'), kept: 9 });
  });

  test('a second start while it runs changes nothing', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      profiler.startSamplingHeapProfiling();
      profiler.startSamplingHeapProfiling(1024, 64);
      const { head } = profiler.stopSamplingHeapProfiling();
      report([head.callFrame.functionName, codeOf(() => profiler.stopSamplingHeapProfiling()).error.code]);
    });
    expect(seen).toEqual(['(root)', 'ERR_RS_PROFILER_NOT_RUNNING']);
  });
});

describe('more CPU profiles than V8 has room for', () => {
  test('each start above the limit throws, in two settings, and stopping all of them is safe', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const rounds = [];
      for (const limit of [0, 1000]) {
        profiler.setProfilesCleanupLimit(limit);
        for (let i = 0; i < 100; i++) profiler.startProfiling(`n${i}`);
        const codes = [100, 101, 102].map((i) => codeOf(() => profiler.startProfiling(`n${i}`)).error.code);
        const refused = [100, 101, 102].map((i) => typeof profiler.stopProfiling(`n${i}`));
        let stopped = 0;
        for (let i = 0; i < 100; i++) if (profiler.stopProfiling()) stopped++;
        profiler.deleteAllProfiles();
        const end = codeOf(() => profiler.stopProfiling()).error.code;
        rounds.push({ codes: [...new Set(codes)], refused: [...new Set(refused)], stopped, end });
      }
      report(rounds);
    });
    const round = {
      codes: ['ERR_RS_PROFILER_TOO_MANY_PROFILES'],
      refused: ['undefined'],
      stopped: 100,
      end: 'ERR_RS_PROFILER_NOT_RUNNING',
    };
    expect(seen).toEqual([round, round]);
  });
});
