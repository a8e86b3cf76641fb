'use strict';

/** Clients that ask a service all the while, from this process. Needs no Jest. */

const http = require('node:http');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { performance } = require('node:perf_hooks');
const { answerTo } = require('./service-child');

const CLIENTS = 2;
/** A client waits that long before it asks again: the machine shall have time for the captures. */
const PAUSE_MS = 10;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

function ask(socketPath, number, agent) {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath, path: `/${number}`, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part)).on('error', reject);
      response.on('end', () => resolve({ text, over: response.headers['x-over'] === '1' }));
    });
    request.on('error', reject);
  });
}

/**
 * One client, which keeps its connection and asks until it is told that it is over. Gives what went wrong, a list of texts; how long it
 * waited for each answer goes to the state.
 */
async function client(socketPath, number, state) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const faults = [];
  let answered = 0;
  while (!state.ended) {
    try {
      number += 1;
      const asked = performance.now();
      const { text, over } = await ask(socketPath, number, agent);
      if (text !== answerTo(number)) faults.push(`wrong: ${text}`);
      answered += 1;
      state.latencies.push(performance.now() - asked);
      if (over) break;
    } catch (error) {
      // The service is not there yet.
      if (answered > 0) {
        faults.push(error.code || error.message);
        break;
      }
    }
    await pause();
  }
  agent.destroy();
  if (answered === 0) faults.push('no answer at all');
  return faults;
}

/**
 * Runs a scenario in a service while clients ask it. Resolves with what `run` does, what the clients missed, and how long they
 * waited for each answer, in milliseconds.
 */
async function askAllTheWhile(run, scenario, { input, ...options } = {}) {
  const helper = JSON.stringify(require.resolve('./service-child'));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-service-'));
  const socket = path.join(folder, 'socket');
  const state = { ended: false, latencies: [] };
  const clients = Array.from({ length: CLIENTS }, (_, at) => client(socket, at * 1e6, state));
  const served = { toString: () => `(context) => require(${helper}).serve(context, ${scenario})` };
  let result;
  try {
    result = await run(served, { ...options, input: { ...input, socket } });
  } finally {
    state.ended = true;
  }
  const faults = (await Promise.all(clients)).flat();
  fs.rmSync(folder, { recursive: true });
  return { result, faults, latencies: state.latencies };
}

module.exports = { askAllTheWhile };
