'use strict';

const { describeDebugRoutes } = require('./helpers/debug-routes');

describe('rs-profiler/koa in examples/koa-debug', () => describeDebugRoutes('examples/koa-debug/service.js', '/sessions/:user'));
