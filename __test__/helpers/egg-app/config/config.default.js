'use strict';

module.exports = () => ({
  keys: 'only for tests',
  cluster: { listen: { hostname: '127.0.0.1' } },
  logger: { level: 'INFO', consoleLevel: 'NONE' },
  rsProfiler: JSON.parse(process.env.RS_PROFILER_TEST_CONFIG),
});
