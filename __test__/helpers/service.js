'use strict';

/**
 * Runs a scenario in a service of its own process, which clients ask all the while; they miss no answer.
 */

const http = require('node:http');
const { run } = require('./child');
const { answerTo } = require('./service-child');

const CLIENTS = 2;

/** A client waits that long before it asks again: the machine shall have time for the captures. */
const PAUSE_MS = 10;

/** Clients that keep their connections and ask one question after the other. */
class Traffic {
  answered = 0;
  faults = [];
  #running = true;
  #agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  #clients = [];
  #port;

  start(port) {
    this.#port = port;
    this.#clients = Array.from({ length: CLIENTS }, (_, at) => this.#keepAsking(at * 1e6));
  }

  #ask(path) {
    return new Promise((resolve, reject) => {
      const request = http.get({ port: this.#port, host: '127.0.0.1', path, agent: this.#agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve(text)).on('error', reject);
      });
      request.on('error', reject);
    });
  }

  async #keepAsking(number) {
    while (this.#running) {
      number += 1;
      try {
        const answer = await this.#ask(`/${number}`);
        if (answer === answerTo(number)) this.answered += 1;
        else this.faults.push(`wrong: ${answer}`);
      } catch (error) {
        this.faults.push(error.code || error.message);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async stop() {
    this.#running = false;
    await Promise.all(this.#clients);
    // A service that has ended meanwhile needs no word.
    await this.#ask('/stop').catch(() => {});
    this.#agent.destroy();
  }
}

/**
 * Runs `scenario(context)` in a service and resolves when it has ended.
 *
 * @param {Function} scenario travels as source text, like the function of helpers/child.js; its context has `processes`
 *   (helpers/processes.js) and `leftovers()` besides
 * @param {object} [options] those of helpers/child.js
 * @returns {Promise<object>} what helpers/child.js gives, with `result`, what the scenario returned, and `faults`, what the
 *   clients missed
 */
async function runService(scenario, options = {}) {
  const child = JSON.stringify(require.resolve('./service-child'));
  const source = { toString: () => `(context) => require(${child}).serve(context, ${scenario})` };
  const traffic = new Traffic();
  let stopped;
  const onReport = (value, childProcess) => {
    if (options.onReport) options.onReport(value, childProcess);
    if (value === null || typeof value !== 'object') return;
    if ('port' in value) traffic.start(value.port);
    if ('result' in value) stopped = traffic.stop();
  };
  const ended = await run(source, { ...options, onReport });
  await (stopped || traffic.stop());
  const { result } = ended.reports.find((value) => value && 'result' in value) || {};
  return { ...ended, result, answered: traffic.answered, faults: traffic.faults };
}

/**
 * The same, for a scenario after which the service must be as before: it ends well when it is told to, has printed nothing,
 * and every client got every answer. Resolves with what the scenario returned.
 */
async function runUnharmed(scenario, options) {
  const { code, signal, stdout, stderr, result, answered, faults } = await runService(scenario, options);
  expect({ code, signal, stdout, stderr, faults }).toEqual({ code: 0, signal: null, stdout: '', stderr: '', faults: [] });
  expect(answered).toBeGreaterThan(0);
  return result;
}

module.exports = { runService, runUnharmed };
