'use strict';

const fs = require('node:fs');
const path = require('node:path');

const profiler = require('../..');

describe('capabilities', () => {
  test('describes this Node', () => {
    expect(profiler.capabilities()).toMatchObject({
      node: process.version,
      abi: process.versions.modules,
      v8: process.versions.v8,
      platform: process.platform,
      arch: process.arch,
    });
  });

  test('says that captures work here, and with which files', () => {
    const { addon, capture, isolation } = profiler.capabilities();
    expect(addon.loaded).toBe(true);
    expect(capture.available).toBe(true);
    expect(isolation.inline.available).toBe(true);
    for (const file of [addon.path, capture.shim]) {
      expect(path.isAbsolute(file)).toBe(true);
      expect(fs.existsSync(file)).toBe(true);
    }
    expect(path.basename(capture.shim)).toContain(`abi${process.versions.modules}`);
    for (const part of [addon, capture, isolation.inline]) expect(part.reason).toBeUndefined();
  });

  test('gives a reason for what does not work', () => {
    const { fork } = profiler.capabilities().isolation;
    if (!fork.available) expect(fork.reason).toMatch(/\w+ \w+/);
    else expect(fork.reason).toBeUndefined();
  });

  test('names the C library on Linux', () => {
    const { libc } = profiler.capabilities();
    expect(process.platform === 'linux' ? ['glibc', 'musl'] : [null]).toContain(libc);
    const { glibcVersionRuntime } = process.report.getReport().header;
    if (process.platform === 'linux') expect(libc === 'glibc').toBe(Boolean(glibcVersionRuntime));
  });

  test('is plain data, a new object each time', () => {
    const first = profiler.capabilities();
    expect(JSON.parse(JSON.stringify(first))).toEqual(JSON.parse(JSON.stringify(profiler.capabilities())));
    expect(profiler.capabilities()).not.toBe(first);
  });
});
