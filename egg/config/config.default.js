'use strict';

const path = require('path');

/** The defaults of `config.rsProfiler`; what is not here has the default of the service, see README.md. */
module.exports = (appInfo) => ({
  rsProfiler: {
    // The routes are off until there is a token, an authorize function, or loopbackOnly: true.
    prefix: '/debug/rs-profiler',
    folder: path.join(appInfo.root, 'logs', appInfo.name, 'rs-profiler'),
    // All workers together.
    rate: { captures: 10, perMs: 10 * 60_000 },
    // How often one of the workers removes what `retention` does not keep.
    schedule: { type: 'worker', interval: '10m' },
  },
});
