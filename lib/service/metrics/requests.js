'use strict';
// The requests of a service: how many, how many at once, how long they took, in total and by route.

// The global `performance` is a getter, which costs as much as the clock.
const { performance } = require('perf_hooks');
const { Durations } = require('./durations');

/** What comes after the routes that are told apart, and what has none. */
const OTHER = '(other)';
/** Throughput is that of the last so many whole seconds. */
const WINDOW = 60;

/** `http.request.method` of OpenTelemetry knows these; what a client makes up does not become a series. */
const METHODS = ['_OTHER', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const METHOD_NUMBERS = new Map(METHODS.map((method, number) => [method, number]));

/** A route's histograms by method and status. */
class Route {
  /** By both in one number: no key is made of text. */
  #durations = new Map();
  // Most requests to a route are like the one before.
  #method;
  #status;
  #last;

  /** The histogram of a method and a status code. */
  of(method, status) {
    if (method !== this.#method || status !== this.#status) {
      const number = status * METHODS.length + (METHOD_NUMBERS.get(method) ?? 0);
      if (!this.#durations.has(number)) this.#durations.set(number, new Durations());
      this.#last = this.#durations.get(number);
      this.#method = method;
      this.#status = status;
    }
    return this.#last;
  }

  series() {
    return [...this.#durations].map(([number, durations]) => (
      { method: METHODS[number % METHODS.length], status: Math.floor(number / METHODS.length), durations }
    ));
  }
}

class Requests {
  #maxRoutes;
  #begun = performance.now();
  #routes = new Map();
  #active = 0;
  #seconds = new Uint32Array(WINDOW + 1);
  #second = 0;

  /** @param {number} maxRoutes routes that are told apart */
  constructor(maxRoutes) {
    this.#maxRoutes = maxRoutes;
  }

  /** A request begins. Returns what `end` is to be told: a number, and no function, as one would have to be made for each request. */
  begin() {
    this.#active += 1;
    return performance.now();
  }

  /**
   * A request ends: its answer has been sent, or its client has gone. To be called once for each `begin`. Totals are made when somebody asks.
   * @param {number} begin
   * @param {string} method
   * @param {number} status
   * @param {string} [route] the framework's template
   */
  end(begin, method, status, route) {
    const now = performance.now();
    this.#active -= 1;
    const second = ((now - this.#begun) / 1000) | 0;
    if (second !== this.#second) this.#tick(second);
    this.#seconds[second % (WINDOW + 1)] += 1;
    (this.#routes.get(route) ?? this.#newRoute(route)).of(method, status).record(now - begin);
  }

  #newRoute(route) {
    let name = route ?? OTHER;
    // Status codes are few; routes, and what an attacker makes of them, are not.
    if (!this.#routes.has(name) && name !== OTHER && this.#routes.size >= this.#maxRoutes) name = OTHER;
    if (!this.#routes.has(name)) this.#routes.set(name, new Route());
    return this.#routes.get(name);
  }

  /** Makes the present second the current one, and those in between empty. */
  #tick(second) {
    for (let at = Math.max(this.#second + 1, second - WINDOW); at <= second; at += 1) this.#seconds[at % (WINDOW + 1)] = 0;
    this.#second = second;
  }

  /** Requests per second: of the whole seconds of the last minute, or of the time since the start. */
  #throughput(now, count) {
    const since = (now - this.#begun) / 1000;
    this.#tick(since | 0);
    const seconds = Math.min(this.#second, WINDOW);
    if (seconds === 0) return count / Math.max(since, 0.001);
    let sum = 0;
    for (let at = this.#second - seconds; at < this.#second; at += 1) sum += this.#seconds[at % (WINDOW + 1)];
    return sum / seconds;
  }

  get active() {
    return this.#active;
  }

  /** What there is of route, method and status code. */
  series() {
    return [...this.#routes].flatMap(([name, route]) => route.series().map((each) => ({ route: name, ...each })));
  }

  snapshot() {
    const series = this.series();
    const all = new Durations();
    for (const { durations } of series) all.add(durations);
    const perSecond = this.#throughput(performance.now(), all.count);
    const { meanMs, ...durations } = all.summary();
    return {
      active: this.#active,
      perSecond,
      failed: series.reduce((sum, each) => sum + (each.status >= 500 ? each.durations.count : 0), 0),
      ...durations,
      meanMs,
      // Little's law: how many requests were under way at once, on average.
      concurrency: (perSecond * meanMs) / 1000,
      routes: series.map(({ method, status, route, durations: each }) => ({ route, method, status, ...each.summary() })),
    };
  }
}

module.exports = { OTHER, Requests };
