'use strict';

/**
 * A snapshot whose text is longer than a string of V8 can be. A single string of the heap does it: V8 writes each of
 * its characters as six, once it is told not to cut the names of strings.
 */

const { runClean } = require('../helpers/child');

const LONG = ['--heap-snapshot-string-limit=200000000', '--max-old-space-size=4000'];

describe('hazard: a text above the string limit (where it differs from v8-profiler-next, which never calls back)', () => {
  test('export(callback) calls back with an error that names the stream form; the stream form works', async () => {
    const seen = await runClean(
      async ({ profiler, report }) => {
        const { constants } = require('buffer');
        const kept = Buffer.alloc(constants.MAX_STRING_LENGTH / 6 + 1000, 0xe9).latin1Slice();
        const snapshot = profiler.takeSnapshot();
        const calls = [];
        const returned = snapshot.export((...args) => calls.push(args));
        const [[error, text] = []] = calls;
        let bytes = 0;
        for await (const chunk of snapshot.export()) bytes += chunk.length;
        report({
          calls: calls.length,
          returned: String(returned),
          isError: error instanceof Error,
          code: error && error.code,
          message: error && error.message,
          text: String(text),
          longer: bytes > constants.MAX_STRING_LENGTH,
          kept: kept.length > 0,
        });
      },
      { nodeArgs: LONG },
    );
    expect(seen).toEqual({
      calls: 1,
      returned: 'undefined',
      isError: true,
      code: 'ERR_RS_PROFILER_STRING_TOO_LONG',
      message: expect.stringContaining('export().pipe('),
      text: 'undefined',
      longer: true,
      kept: true,
    });
  });
});
