'use strict';
// A worker: its routes, and its end of the line to the agent.

const { connectWorker, describer } = require('./lib/connect');
const { Member } = require('./lib/member');
const { collect, removeLeft, share } = require('./lib/metrics');
const { hideToken } = require('./lib/secret');
const { queryOf, serviceOf } = require('./lib/service');
const { listCaptures } = require('../lib/service');

/** The name of the middleware, which is that of the plugin's configuration. */
const NAME = 'rsProfiler';

class RsProfilerAppBoot {
  #app;
  #line;
  #service;

  constructor(app) {
    this.#app = app;
    const config = app.config.rsProfiler;
    hideToken(config);
    this.#line = connectWorker(app);
    const own = this.#line.me;
    const member = new Member(this.#line, {
      capture: ({ kind, query, signal }) => this.#service.get().capture(kind, query, { signal, hasTurn: true }),
      describe: describer(),
      metrics: async () => share(await this.#service.get().requests.allFamilies(), config.folder),
    });
    const turns = { take: (what) => member.take(what), current: () => member.running(), counts: true };
    const workers = {
      own,
      capture: (order) => member.capture(order),
      families: async () => collect(await member.metrics(), config.folder),
      status: async () => ({ worker: own, workers: await member.workers() }),
    };
    this.#service = serviceOf(config, { turns, workers });
    if (app.options.mode !== 'single') app.messenger.on('egg-pids', (ids) => member.setAgents(ids));
    app.rsProfiler = this.#api(member, config);
  }

  /** `app.rsProfiler`, described in index.d.ts. */
  #api(member, { folder }) {
    const own = this.#line.me;
    return {
      worker: own,
      folder,
      capture: async (kind, { worker = own, signal, ...options } = {}) => {
        const query = queryOf(options);
        if (String(worker) !== own) return member.capture({ kind, worker: String(worker), query, signal });
        return [{ worker: own, ...(await this.#service.get().capture(kind, query, { signal })) }];
      },
      running: () => member.running(),
      workers: () => member.workers(),
      captures: () => listCaptures(folder),
      cleanUp: async () => {
        await removeLeft(folder);
        return this.#service.get().cleanUp();
      },
      metrics: () => this.#service.get().metrics(),
      routes: () => (this.#service.routes ? this.#service.get() : null),
    };
  }

  /** The routes come first: before Egg's own security, session and body parser, none of which they need. */
  configWillLoad() {
    const { coreMiddleware, middleware = [] } = this.#app.config;
    // Where an application names it itself, that is its place.
    if (this.#service.routes && ![...coreMiddleware, ...middleware].includes(NAME)) coreMiddleware.unshift(NAME);
  }

  async beforeClose() {
    this.#line.close();
    this.#service.close();
  }
}

module.exports = RsProfilerAppBoot;
