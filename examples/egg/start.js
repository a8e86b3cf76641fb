'use strict';

/**
 * Starts the service with two workers: `RS_PROFILER_TOKEN=... npm start`, on PORT or 7001, on 127.0.0.1 only.
 * With START_MODE=worker_threads the workers are threads, and the second one listens on the next port.
 */

const port = Number(process.env.PORT) || 7001;
const threads = process.env.START_MODE === 'worker_threads' && { startMode: 'worker_threads', ports: [port, port + 1] };

require('egg').startCluster({ baseDir: __dirname, port, workers: 2, ...threads });
