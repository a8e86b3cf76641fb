'use strict';

const { describeEgg } = require('./helpers/egg-tests');

describe('rs-profiler/egg in Egg 4, workers are processes', () => describeEgg({ framework: 'egg4', threads: false, plugin: 'factory' }));

// Here the end of a worker ends the master of Egg 4.0, with or without the plugin: nothing is ended in this mode.
describe('rs-profiler/egg in Egg 4, workers are threads', () => describeEgg({ framework: 'egg4', threads: true, plugin: 'path' }));
