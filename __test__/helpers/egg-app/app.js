'use strict';

const { parentPort } = require('node:worker_threads');
const { Counter, Histogram } = require('prom-client');

/** Measures what this worker sends: the plugin promises small messages. */
module.exports = (app) => {
  app.longestMessage = 0;
  new Counter({ name: 'orders_total', help: 'Orders.', labelNames: ['kind'] }).inc({ kind: 'book' }, 3);
  new Histogram({ name: 'order_seconds', help: 'Duration of orders.', buckets: [1] }).observe(0.5);
  const measured = (target, name) => {
    const send = target[name];
    target[name] = (message, ...rest) => {
      if (message && message.action === 'rs-profiler') app.longestMessage = Math.max(app.longestMessage, JSON.stringify(message).length);
      return send.call(target, message, ...rest);
    };
  };
  if (parentPort) measured(parentPort, 'postMessage');
  else if (process.send) measured(process, 'send');
};
