'use strict';

/**
 * A companion that sends requests at a steady rate, whether or not the service keeps up, as the users of a service do.
 *
 * A request's time begins when it is due, not when a connection is free: what piles up while the service stands still
 * counts with all of its waiting.
 */

const http = require('http');
const { serveQuestions } = require('../lib/companion');
const { now, sleep } = require('../lib/main-thread');

const CONNECTIONS = 32;
const TICK_MS = 1;

/** Due and finished; times of the machine's monotonic clock, which the service's process reads too. */
const done = [];
let failed = 0;

class Load {
  #due = [];
  #sent = new Set();
  #agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  #port;

  constructor(port, perSecond) {
    this.#port = port;
    const begin = now();
    let sent = 0;
    setInterval(() => {
      const time = now();
      for (const wanted = (time - begin) * perSecond / 1000; sent < wanted; sent++) this.#due.push(time);
      this.#send();
    }, TICK_MS);
  }

  /** Whether every request that was due before this time has its reply. */
  isDone(time) {
    return !(this.#due[0] < time) && ![...this.#sent].some(({ due }) => due < time);
  }

  #send() {
    while (this.#sent.size < CONNECTIONS && this.#due.length > 0) this.#request(this.#due.shift());
  }

  #request(due) {
    const request = { due };
    this.#sent.add(request);
    const end = (good) => {
      done.push({ due, ms: now() - due });
      if (!good) failed++;
      this.#sent.delete(request);
      this.#send();
    };
    http.get({ host: '127.0.0.1', port: this.#port, agent: this.#agent, path: '/' }, (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode === 200));
    }).on('error', () => end(false));
  }
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

let load;

serveQuestions(async ({ start, window }) => {
  if (start) load = new Load(start.port, start.perSecond);
  if (window) {
    while (!load.isDone(window.end)) await sleep(5);
    const times = done.filter(({ due }) => due >= window.begin && due < window.end).map(({ ms }) => ms).sort((a, b) => a - b);
    return { requests: times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99), max: times[times.length - 1], failed };
  }
});
