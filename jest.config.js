'use strict';

const { IS_BRIEF, LEFT_OUT } = require('./__test__/helpers/brief');

/** Another folder of the package to test: that of `benchmark/lib/packed.js`, say, as npm installs it. */
const PACKAGE = process.env.RS_PROFILER_PACKAGE;

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  // Hours of cycles and statistics: `npm run test:soak`.
  testPathIgnorePatterns: [
    '<rootDir>/node_modules/',
    ...(process.env.RS_PROFILER_SOAK ? [] : ['<rootDir>/__test__/soak/']),
    ...(IS_BRIEF ? LEFT_OUT.map((file) => `<rootDir>/__test__/v8/${file}\\.test\\.js$`) : []),
  ],
  // Plain CommonJS: nothing to compile, and V8 sees the files as they are.
  transform: {},
  // The native folder, Rust's target folder and the packages in dist hold nothing that a test requires by name.
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/native/', '<rootDir>/dist/'],
  moduleNameMapper: PACKAGE ? { '^\\.\\./\\.\\.$': `${PACKAGE}/index.js`, '^\\.\\./\\.\\./heapdump$': `${PACKAGE}/heapdump.js` } : {},
  // A capture in a child process can take long on a loaded machine; this only ends a test that hangs. The time limit of a child
  // process (helpers/child.js) is below it: so the child is ended and described, and does not run on beside the next tests.
  testTimeout: 120_000,
  maxWorkers: 2,
};
