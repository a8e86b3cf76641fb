'use strict';

exports.rsProfiler = { enable: true, package: 'rs-profiler/egg' };
