'use strict';
// What a service measures of itself: its requests, its event loop, its memory.

const { families } = require('./families');
const { ProcessMetrics } = require('./process');
const { Requests } = require('./requests');
const { CONTENT_TYPE, exposition } = require('./text');
const { familiesBeside, findPromClient, isPromClient, register, textWith, unregister } = require('./prom-client');
const { invalidArgument } = require('../../errors');
const { checkInteger } = require('../../options');

class Metrics {
  #requests;
  #process = new ProcessMetrics();
  #client;
  #registering;
  #registered = false;
  #closed = false;
  /** Who this is in a registry that several share. */
  #source = () => this.families();

  /** @param {{ maxRoutes?: number, promClient?: object | false }} options */
  constructor(options) {
    this.#requests = new Requests(checkInteger(options, 'maxRoutes', 100, 1, 10_000));
    const { promClient } = options;
    if (promClient !== undefined && promClient !== false && !isPromClient(promClient)) {
      throw invalidArgument('metrics.promClient must be the module prom-client, or false.');
    }
    this.#client = promClient === false ? undefined : promClient || findPromClient();
    // The application comes first: of metrics that it makes while it starts, none shall have its name taken.
    if (this.#client) this.#registering = setImmediate(() => this.#register());
  }

  #register() {
    clearImmediate(this.#registering);
    if (this.#registered || this.#closed) return;
    this.#registered = true;
    register(this.#client, this.#source);
  }

  /** A request begins; see `Requests`. */
  begin() {
    return this.#requests.begin();
  }

  /** It ends. */
  end(begin, method, status, route) {
    this.#requests.end(begin, method, status, route);
  }

  /** All of it as an object; see `ServiceMetrics` in service.d.ts. */
  snapshot() {
    return { requests: this.#requests.snapshot(), ...this.#process.snapshot() };
  }

  /** The text for Prometheus: of the application's own prom-client with ours in it, where there is one. */
  async text() {
    if (this.#client) {
      this.#register();
      return textWith(this.#client, this.#source);
    }
    return { body: exposition(this.families()), type: CONTENT_TYPE };
  }

  /** The families of samples, as JSON values; see families.js. */
  families() {
    return families(this.#requests, this.#process.snapshot());
  }

  /** The same with those of the application's prom-client, which then have no exemplars; one that has our name is ours. */
  async allFamilies() {
    const own = this.families();
    if (!this.#client) return own;
    return [...own, ...(await familiesBeside(this.#client, own))];
  }

  close() {
    this.#closed = true;
    clearImmediate(this.#registering);
    this.#process.close();
    if (this.#registered) unregister(this.#client, this.#source);
  }
}

module.exports = { Metrics };
