'use strict';

/** A Fastify service with the debug routes of rs-profiler. See README.md. */

const fastify = require('fastify');
const rsProfiler = require('../../fastify'); // in a project: require('rs-profiler/fastify')
const { checksum, debugOptions, openSession, port, started } = require('../work');

const app = fastify({ forceCloseConnections: true });

app.register(rsProfiler, debugOptions);
app.get('/sessions/:user', async (request) => openSession(request.params.user));
app.get('/checksum/:text', async (request) => checksum(request.params.text));

app.listen({ port, host: '127.0.0.1' }).then(() => started(app.server, () => app.close()));
