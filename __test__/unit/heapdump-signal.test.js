'use strict';

/** What the listener of rs-profiler/heapdump makes of signals that come at the wrong time. */

const fs = require('node:fs');

const { calls, failNext, forked, heapdump } = require('../helpers/stand-in');
const { tempFolder } = require('../helpers/temp-folder');

const home = process.cwd();
const settled = () => new Promise(setImmediate);

beforeEach(() => process.chdir(tempFolder()));

afterEach(() => {
  jest.restoreAllMocks();
  process.chdir(home);
});

test('those that come while a dump is under way give one more', async () => {
  const dumps = [1, 2, 3, 4, 5].map(() => heapdump.signalHandler());
  await settled();
  forked[0].finish();
  await settled();
  forked[1].finish();
  await Promise.all(dumps);
  expect([forked.length, fs.readdirSync('.').length]).toEqual([2, 2]);
  forked.quick = true;
  await heapdump.signalHandler();
  expect([forked.length, fs.readdirSync('.').length]).toEqual([3, 3]);
});

describe('what fails is a warning, and the next signal is heard:', () => {
  const FAILURES = {
    'the file cannot be named': [() => {
      jest.spyOn(process.hrtime, 'bigint').mockImplementationOnce(() => {
        throw new Error('mocked');
      });
    }, /^SIGUSR2: no heap snapshot was written: mocked$/],
    'the file cannot be opened': [() => {
      failNext('openTarget', { code: 'EACCES', message: 'no', errno: 13, syscall: 'open', path: 'x' });
    }, /^SIGUSR2: no heap snapshot was written to heapdump-.*: heapdump write error EACCES$/],
  };

  test.each(Object.keys(FAILURES))('%s', async (name) => {
    const [prepare, words] = FAILURES[name];
    const told = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    prepare();
    calls.length = 0;
    forked.quick = true;
    await heapdump.signalHandler();
    expect(told.mock.calls.map(([text]) => text)).toEqual([expect.stringMatching(words)]);
    await heapdump.signalHandler();
    expect(calls.filter(([method]) => method === 'forkSnapshot')).toHaveLength(1);
  });
});
