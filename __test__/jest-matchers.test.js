'use strict';

/** `rs-profiler/jest`: what the matchers say of functions that leave memory behind, that do not, and that allocate. */

const fs = require('node:fs');
const { clean, leaking } = require('./helpers/jest-functions');
const matchers = require('../jest');
const { settleOutstanding } = require('../lib/jest/leak');

const failureOf = async (assertion) => {
  try {
    await assertion();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('not.toLeak', () => {
  test.each(['a cache that fills to a bound', 'big temporary arrays and buffers', 'listeners that are taken off, and timers that are cleared'])(
    'lets pass at once: %s',
    (name) => expect(expect(clean[name]()).not.toLeak()).toBeUndefined(),
  );

  test('lets pass what needs turns of the event loop', () => expect(clean['an asynchronous function with a timer, promises and a file']())
    .not.toLeak({ iterations: 30 }));

  test('takes no snapshot of what passes', () => {
    const made = jest.spyOn(fs, 'mkdtempSync');
    expect(() => ({})).not.toLeak();
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
  });

  test('a synchronous leak fails the test without await, and is named', () => {
    let error;
    try {
      expect(leaking['one small object'].make()).not.toLeak();
    } catch (caught) {
      error = caught;
    }
    expect(error.message).toMatch(/^Expected the function not to leak, but \d+ B stay per iteration/);
    expect(error.message).toMatch(/Session \(.*jest-functions\.js:\d+\): \d+, 1(\.00)? per iteration/);
    expect(error.message).toMatch(/Retaining path[^]*variable kept → Array @\d+\n {2}\[\d+\] → Session @\d+$/);
  });

  test('an asynchronous leak rejects, and is named', async () => {
    const error = await failureOf(() => expect(leaking['promises that are never settled'].make()).not.toLeak());
    expect(error.message).toMatch(/Promise: \d+/);
    expect(error.message).toContain('Retaining path');
  });

  test('a container of what is no object is named', async () => {
    const error = await failureOf(() => expect(leaking['numbers in a Set'].make()).not.toLeak());
    expect(error.message).toMatch(/\nGrown in \d+ more iterations: Set @(\d+), by [\d.]+ [KM]B\n[^]*Retaining path of it [^]* Set @\1$/);
  });

  test('memory off heap counts', async () => {
    const error = await failureOf(() => expect(leaking['buffers, off heap'].make()).not.toLeak({ iterations: 20 }));
    expect(error.message).toMatch(/\d\d\.\d KB stay per iteration/);
    expect(error.message).toMatch(/Buffer/);
  });

  test('a leak that is known only later fails the test that did not wait for it', async () => {
    const kept = [];
    // As a test without await: the matcher's own promise is dropped.
    expect(() => {
      kept.push({});
      Promise.resolve();
    }).not.toLeak().catch(() => {});
    await expect(settleOutstanding()).rejects.toThrow(/not to leak[^]*write `await expect/);
    const clean = expect(() => void Promise.resolve()).not.toLeak();
    await settleOutstanding();
    await clean;
  });

  test('toleranceBytes is for all iterations together', () => {
    const leak = leaking['one small object'].make();
    expect(() => leak()).not.toLeak({ iterations: 50, toleranceBytes: 100_000 });
  });
});

describe('toLeak without not', () => {
  test('fails for a function that leaves nothing behind', () => {
    expect(() => expect(() => 1).toLeak()).toThrow(/^Expected the function to leak, but nothing stays/);
  });
});

describe('toAllocateLessThan', () => {
  let kept;

  test('counts what is allocated; of what fills a third of a page, V8 leaves an eighth more unused', () => {
    const allocate = () => {
      kept = new Array(10_000).fill(1);
    };
    expect(allocate).toAllocateLessThan(92_000);
    expect(allocate).not.toAllocateLessThan(79_000);
    expect(kept).toHaveLength(10_000);
  });

  test('counts through collections, what does not stay', () => {
    const allocate = () => {
      for (let at = 0; at < 1000; at += 1) kept = new Array(1000).fill(at);
    };
    expect(allocate).toAllocateLessThan(9_000_000);
    expect(allocate).not.toAllocateLessThan(7_900_000);
  });

  test('counts Buffers', async () => {
    const allocate = async () => {
      kept = Buffer.alloc(1_000_000);
    };
    await expect(allocate).toAllocateLessThan(1_100_000);
    await expect(allocate).not.toAllocateLessThan(1_000_000);
  });

  test('says how much it was', () => {
    expect(() => expect(() => {
      kept = new Array(1000).fill(1);
    }).toAllocateLessThan(100)).toThrow(/less than 100 B \(100 bytes\) per call, but it allocates 7\.\d KB/);
  });
});

describe('misuse', () => {
  test.each([
    [() => expect(1).not.toLeak(), 'TypeError'],
    [() => expect(() => 1).not.toLeak(1), 'TypeError'],
    [() => expect(() => 1).not.toLeak({ iteration: 1 }), 'TypeError'],
    [() => expect(() => 1).not.toLeak({ iterations: 0 }), 'RangeError'],
    [() => expect(() => 1).not.toLeak({ warmup: -1 }), 'RangeError'],
    [() => expect(() => 1).not.toLeak({ toleranceBytes: NaN }), 'RangeError'],
    [() => expect(() => 1).toAllocateLessThan(), 'RangeError'],
    [() => expect(null).toAllocateLessThan(1), 'TypeError'],
  ])('%s is an error with a code', (call, name) => {
    let error;
    try {
      call();
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ name, code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  });

  test('what the function throws reaches the test, at once or by the promise', async () => {
    expect(() => expect(() => {
      throw new Error('mine');
    }).not.toLeak()).toThrow('mine');
    await expect(expect(async () => {
      throw new Error('mine too');
    }).not.toLeak()).rejects.toThrow('mine too');
  });
});

test('the matchers are exports for expect.extend', () => {
  expect(Object.keys(matchers).sort()).toEqual(['toAllocateLessThan', 'toLeak']);
});
