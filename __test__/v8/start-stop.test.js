'use strict';

/** How names and running profiles go together: one test per row of what the originals do. */

const profiler = require('../..');
const { runClean } = require('../helpers/child');

afterEach(() => profiler.deleteAllProfiles());

describe('startProfiling and stopProfiling', () => {
  test('start returns undefined, stop returns the profile', () => {
    expect(profiler.startProfiling('one')).toBeUndefined();
    expect(profiler.stopProfiling('one').title).toBe('one');
  });

  test('a name that does not run gives undefined and touches nothing', () => {
    expect(profiler.stopProfiling('nobody')).toBeUndefined();
    profiler.startProfiling('somebody');
    expect(profiler.stopProfiling('nobody')).toBeUndefined();
    expect(Object.keys(profiler.profiles)).toHaveLength(0);
    expect(profiler.stopProfiling('somebody').title).toBe('somebody');
    expect(profiler.stopProfiling('somebody')).toBeUndefined();
  });

  test('a clock that somebody replaced, as tests do, keeps no profile from being stopped', () => {
    for (const time of [undefined, null, NaN, 1.5, 5n, '2020', new Date(0), Infinity]) {
      const clock = jest.spyOn(Date, 'now').mockReturnValue(time);
      try {
        profiler.startProfiling('a');
        expect(profiler.stopProfiling('a').title).toBe('a');
      } finally {
        clock.mockRestore();
      }
    }
  });

  test.each([[[]], [['']], [[undefined]]])('stop with %p ends the one started last, whatever its name', (args) => {
    profiler.startProfiling('a');
    profiler.startProfiling('b');
    expect(profiler.stopProfiling(...args).title).toBe('b');
    expect(profiler.stopProfiling(...args).title).toBe('a');
  });

  test('start "", start "b", stop "" returns "b"; "b" has no name any more and the unnamed one still runs', () => {
    profiler.startProfiling('');
    profiler.startProfiling('b');
    expect(profiler.stopProfiling('').title).toBe('b');
    expect(profiler.stopProfiling('b')).toBeUndefined();
    expect(profiler.stopProfiling().title).toMatch(/^Profile \d+$/);
  });

  test.each([
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
    ['b', 'a', 'c'],
  ])('several run at once and stop by name in the order %s, %s, %s', (...order) => {
    for (const name of ['a', 'b', 'c']) profiler.startProfiling(name);
    const titles = order.map((name) => profiler.stopProfiling(name).title);
    expect(titles).toEqual(order);
    expect(Object.keys(profiler.profiles)).toHaveLength(3);
  });

  test('a name that already runs is not started again: one stop ends it', () => {
    profiler.startProfiling('twice');
    profiler.startProfiling('twice');
    expect(profiler.stopProfiling('twice').title).toBe('twice');
    expect(profiler.stopProfiling('twice')).toBeUndefined();
    profiler.setSamplingInterval(1000);
  });

  test('numbers become strings at the start, but not at the stop', () => {
    profiler.startProfiling(5);
    expect(profiler.stopProfiling(5)).toBeUndefined();
    expect(profiler.stopProfiling('5').title).toBe('5');
  });

  test.each([[null], [false], [0]])('stop with %p throws while something runs, and leaves it running', (name) => {
    profiler.startProfiling('kept');
    let error;
    try {
      profiler.stopProfiling(name);
    } catch (caught) {
      error = caught;
    }
    expect(error.name).toBe('TypeError');
    expect(error.message).toBe('Wrong argument [0] type (wait String)');
    expect(profiler.stopProfiling('kept').title).toBe('kept');
  });

  test('a boolean in the place of the name is recsamples', () => {
    profiler.startProfiling(false);
    const bare = profiler.stopProfiling();
    profiler.startProfiling(true, undefined, 1);
    const full = profiler.stopProfiling();
    expect([bare.samples.length, full.samples.length > 0]).toEqual([0, true]);
  });

  test('two profiles share the samples of the time they both ran', () => {
    profiler.startProfiling('outer');
    profiler.startProfiling('inner');
    const end = Date.now() + 50;
    while (Date.now() < end);
    const inner = profiler.stopProfiling('inner');
    const outer = profiler.stopProfiling('outer');
    expect(inner.samples.length).toBeGreaterThan(0);
    expect(outer.samples.length).toBeGreaterThanOrEqual(inner.samples.length);
    expect(outer.timestamps).toEqual(expect.arrayContaining(Array.from(inner.timestamps.slice(1, 4))));
  });

  test('a hundred run at once', async () => {
    const seen = await runClean(({ profiler, report }) => {
      for (let i = 0; i < 100; i++) profiler.startProfiling(`n${i}`);
      const titles = [];
      for (let i = 99; i >= 0; i--) titles.push(profiler.stopProfiling(`n${i}`).title);
      report(new Set(titles).size);
    });
    expect(seen).toBe(100);
  });

  test('the idle notifier of older Nodes is told of the first start and the last stop', async () => {
    const seen = await runClean(({ profiler, report }) => {
      const calls = [];
      process._startProfilerIdleNotifier = () => calls.push('start');
      process._stopProfilerIdleNotifier = () => calls.push('stop');
      profiler.startProfiling('a');
      profiler.startProfiling('b');
      profiler.stopProfiling('a');
      calls.push('between');
      profiler.stopProfiling('b');
      report(calls);
    });
    expect(seen).toEqual(['start', 'between', 'stop']);
  });
});

describe('startProfiling and stopProfiling, where it differs from v8-profiler-next', () => {
  test.each([[[]], [['']], [[undefined]]])('stop with %p while nothing runs throws', (args) => {
    expect(() => profiler.stopProfiling(...args)).toThrow(
      expect.objectContaining({ code: 'ERR_RS_PROFILER_NOT_RUNNING' }),
    );
    let error;
    try {
      profiler.stopProfiling(...args);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(Error);
  });

  test('the 101st start throws, the hundred others go on', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      for (let i = 0; i < 100; i++) profiler.startProfiling(`n${i}`);
      const { error } = codeOf(() => profiler.startProfiling('one too many'));
      const refused = String(profiler.stopProfiling('one too many'));
      let stopped = 0;
      for (let i = 0; i < 100; i++) if (profiler.stopProfiling(`n${i}`)) stopped++;
      profiler.startProfiling('one too many');
      report({ code: error.code, refused, stopped, again: profiler.stopProfiling().title });
    });
    expect(seen).toEqual({
      code: 'ERR_RS_PROFILER_TOO_MANY_PROFILES',
      refused: 'undefined',
      stopped: 100,
      again: 'one too many',
    });
  });

  test('names that agree in their first 1024 characters never end the process', async () => {
    const seen = await runClean(({ profiler, codeOf, report }) => {
      const long = 'n'.repeat(1024);
      profiler.startProfiling(`${long}x`);
      profiler.startProfiling(`${long}y`);
      const first = profiler.stopProfiling(`${long}x`).title === long;
      const second = codeOf(() => profiler.stopProfiling(`${long}y`));
      const survived = second.value !== undefined || second.error.code.startsWith('ERR_RS_PROFILER_');
      profiler.startProfiling('after');
      report({ first, survived, after: profiler.stopProfiling('after').title });
    });
    expect(seen).toEqual({ first: true, survived: true, after: 'after' });
  });
});
