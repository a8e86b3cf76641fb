'use strict';

module.exports = () => ({
  keys: process.env.EGG_KEYS || 'only for the example',
  cluster: { listen: { hostname: '127.0.0.1' } },
  rsProfiler: {
    // Without it the routes are off, and everything below /debug/rs-profiler is 404.
    token: process.env.RS_PROFILER_TOKEN,
    ...(process.env.RS_PROFILER_FOLDER && { folder: process.env.RS_PROFILER_FOLDER }),
    retention: { maxCount: 10 },
  },
});
