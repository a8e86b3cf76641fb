'use strict';

const { describeDebugRoutes } = require('./helpers/debug-routes');

describe('rs-profiler/express in examples/express', () => describeDebugRoutes('examples/express/service.js', '/sessions/:user'));
