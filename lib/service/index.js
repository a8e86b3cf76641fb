'use strict';
// The face of the service: what `rs-profiler/koa`, `/express`, `/fastify` and `/egg` stand on.

const { below, checkPrefix, neutral, queryOf, send, templateOf } = require('./http');
const { cleanUp, listCaptures } = require('./retention');
const { createService } = require('./service');
const { HostTurns, busy } = require('./turns');

module.exports = { HostTurns, below, busy, checkPrefix, cleanUp, createService, listCaptures, neutral, queryOf, send, templateOf };
