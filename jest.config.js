'use strict';

const NODE = Number(process.versions.node.split('.')[0]);

/** What a framework under test does not run on is no test there, rather than a skipped one. */
const LEFT_OUT = [
  // Fastify 5 needs Node 20.
  ...(NODE < 20 ? ['<rootDir>/__test__/fastify.test.js'] : []),
];

/** Tests of what is the same on every Node: the page in a browser, packages, the shape of the repository, scripts. */
const SAME_EVERYWHERE = ['analysis-benchmark', 'cli', 'doctor', 'node-headers', 'pause-benchmark', 'platform-packages', 'repo-shape', 'report', 'report-page', 'setup'];
/** Tests of what stands on the captures. What reads V8's files, and hears signals, is tested on every Node. */
const ABOVE_CAPTURE = ['analysis-.*', 'cpu-analysis', 'egg.*', 'express', 'fastify', 'headroom-peaks', 'jest-.*', 'koa', 'leak-suspects', 'retention', 'service/.*', 'watch.*'];

/** What `RS_PROFILER_TESTS` leaves out: nothing, unless `.ci/run` has run it on another Node. */
const OF_TIER = {
  all: [],
  node: SAME_EVERYWHERE,
  capture: [...SAME_EVERYWHERE, ...ABOVE_CAPTURE],
}[process.env.RS_PROFILER_TESTS || 'all'].map((name) => `<rootDir>/__test__/${name}\\.test\\.js$`);

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  testPathIgnorePatterns: ['/node_modules/', ...LEFT_OUT, ...OF_TIER],
  // Plain CommonJS: nothing to compile, and V8 sees the files as they are.
  transform: {},
  // The native folder and Rust's target folder hold nothing that a test requires by name.
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/native/', '<rootDir>/dist/'],
  // A capture in a child process can take long on a loaded machine; this only ends a test that hangs.
  testTimeout: 300_000,
  maxWorkers: 2,
};
