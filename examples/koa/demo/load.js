'use strict';

/** The load: autocannon on the service's routes for a bounded time. */

const autocannon = require('autocannon');
const { within } = require('./within');

const ROUTES = ['/duration', '/checksum'];
const GRACE_MS = 30000;

/**
 * Loads the service and returns what was measured; stops at once when the service ends.
 * @param {import('./service-process').ServiceProcess} service
 * @param {{ seconds: number, connections: number, onProgress: (share: number) => void }} options
 */
async function load(service, { seconds, connections, onProgress }) {
  const started = Date.now();
  const share = () => Math.min((Date.now() - started) / (seconds * 1000), 1);
  const timer = setInterval(() => onProgress(share()), 200);
  const requests = ROUTES.map((path) => ({ path }));
  const run = autocannon({ url: service.url, connections, duration: seconds, requests });
  try {
    const result = await within(service.whileAlive(run), seconds * 1000 + GRACE_MS, 'the load did not end');
    onProgress(1);
    return {
      connections,
      answered: result['2xx'],
      failed: result.non2xx + result.errors + result.timeouts,
      perSecond: result['2xx'] / result.duration,
      meanMs: result.latency.average,
      p99Ms: result.latency.p99,
    };
  } finally {
    clearInterval(timer);
    run.stop();
  }
}

module.exports = { load, ROUTES };
