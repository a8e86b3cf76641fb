'use strict';

const { describeEgg } = require('./helpers/egg-tests');

describe('rs-profiler/egg in Egg 3, workers are processes', () => describeEgg({ framework: 'egg', threads: false, full: true, survives: true }));

describe('rs-profiler/egg in Egg 3, workers are threads', () => describeEgg({ framework: 'egg', threads: true, survives: true }));
