'use strict';

/** An Express service with the debug routes of rs-profiler. See README.md. */

const express = require('express');
const rsProfiler = require('../../express'); // in a project: require('rs-profiler/express')
const { checksum, debugOptions, openSession, port, started } = require('../work');

const app = express();
const debug = rsProfiler(debugOptions);

app.use(debug); // first, so that the time of all others is in the metrics
app.get('/sessions/:user', (request, response) => {
  response.json(openSession(request.params.user));
});
app.get('/checksum/:text', (request, response) => {
  response.json(checksum(request.params.text));
});

const server = app.listen(port, '127.0.0.1', () => {
  started(server, () => {
    debug.service.close();
    server.close();
    server.closeAllConnections?.();
  });
});
