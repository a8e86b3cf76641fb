'use strict';

/** A text that is longer than a string can be, with a short limit in the place of V8's. The soak tier has one of that length. */

jest.mock('buffer', () => Object.create(jest.requireActual('buffer'), { constants: { value: { MAX_STRING_LENGTH: 30 } } }));

const { TEXTS, calls, profiler } = require('../helpers/stand-in');
const { textOf } = require('../helpers/streams');

test('export(callback) calls back once with an error that names the stream form, frees the text, and the stream form works', async () => {
  const snapshot = profiler.takeSnapshot();
  calls.length = 0;
  const told = [];
  expect(snapshot.export((...args) => told.push(args))).toBeUndefined();
  expect(told).toHaveLength(1);
  const [[error, text]] = told;
  expect(error).toBeInstanceOf(RangeError);
  expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_STRING_TOO_LONG', message: expect.stringContaining('export().pipe(') });
  expect(text).toBeUndefined();
  expect(calls.filter(([method]) => method === 'close')).toHaveLength(1);
  expect(await textOf(snapshot.export())).toBe(TEXTS.snapshot);
});
