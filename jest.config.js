'use strict';

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  // Plain CommonJS: nothing to compile, and V8 sees the files as they are.
  transform: {},
  // The native folder and Rust's target folder hold nothing that a test requires by name.
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/native/'],
  // A capture in a child process can take long on a loaded machine; this only ends a test that hangs.
  testTimeout: 120_000,
  maxWorkers: 2,
};
