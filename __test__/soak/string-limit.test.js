'use strict';

/**
 * A snapshot whose text is longer than a string of V8 can be. A thousand strings do it: V8 writes each of their
 * characters as six, once it is told to cut the names of strings later than after 1024 characters. It takes seconds: the
 * unit tier has the same with a short limit.
 */

const { runClean } = require('../helpers/child');

const LONG = ['--heap-snapshot-string-limit=100000'];

describe('hazard: a text above the string limit (where it differs from v8-profiler-next, which never calls back)', () => {
  test('export(callback) calls back with an error that names the stream form; the stream form works', async () => {
    const seen = await runClean(
      async ({ profiler, report }) => {
        const { constants } = require('buffer');
        const kept = Array.from({ length: 1000 }, (unused, index) => {
          const text = Buffer.alloc(Math.ceil(constants.MAX_STRING_LENGTH / 6000), 0xe9);
          text.write(String(index));
          return text.latin1Slice();
        });
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
          kept: kept.length,
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
      kept: 1000,
    });
  });
});
