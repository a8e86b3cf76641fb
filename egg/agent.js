'use strict';
// The agent: it knows the workers, and has one of them captured at a time.

const { connectAgent, describer, workerId } = require('./lib/connect');
const { Coordinator } = require('./lib/coordinator');
const { hideToken } = require('./lib/secret');
const { queryOf, rateOf, serviceOf } = require('./lib/service');

class RsProfilerAgentBoot {
  #line;
  #service;

  constructor(agent) {
    const config = agent.config.rsProfiler;
    hideToken(config);
    this.#line = connectAgent(agent);
    this.#service = serviceOf(config, { isAgent: true });
    const capture = ({ kind, query, signal }) => this.#service.get().capture(kind, query, { signal, hasTurn: true });
    const coordinator = new Coordinator(this.#line, { own: { capture, describe: describer() }, rate: rateOf(config) });
    agent.rsProfiler = {
      capture: async (kind, { worker = 'agent', signal, ...options } = {}) => coordinator.capture({ kind, worker: String(worker), query: queryOf(options), signal }),
      running: async () => coordinator.running(),
      workers: () => coordinator.workers(),
    };
    if (agent.options.mode === 'single') agent.messenger.once('egg-ready', () => coordinator.setWorkers([workerId()]));
    else agent.messenger.on('egg-pids', (ids) => coordinator.setWorkers(ids));
  }

  async beforeClose() {
    this.#line.close();
    this.#service.close();
  }
}

module.exports = RsProfilerAgentBoot;
