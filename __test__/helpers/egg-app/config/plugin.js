'use strict';

const path = require('node:path');

/** The three ways in which an application can name the plugin. */
const WAYS = {
  package: () => ({ rsProfiler: { enable: true, package: 'rs-profiler/egg' } }),
  path: () => ({ rsProfiler: { enable: true, path: path.join(__dirname, '../node_modules/rs-profiler/egg') } }),
  factory: () => require('rs-profiler/egg')(),
};

module.exports = WAYS[process.env.RS_PROFILER_TEST_PLUGIN]();
