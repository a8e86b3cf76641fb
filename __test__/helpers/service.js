'use strict';

/**
 * Runs a scenario in a service, which clients ask all the while from this process: they must get every answer.
 */

const http = require('node:http');
const path = require('node:path');
const { runClean } = require('./child');
const { answerTo } = require('./service-child');
const { tempFolder } = require('./temp-folder');
const { runTogether } = require('./together');

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

/** One client, which keeps its connection and asks until it is told that it is over. Gives what went wrong, a list of texts. */
async function client(socketPath, number, state) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const faults = [];
  let answered = 0;
  while (!state.ended) {
    try {
      number += 1;
      const { text, over } = await ask(socketPath, number, agent);
      if (text !== answerTo(number)) faults.push(`wrong: ${text}`);
      answered += 1;
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

async function withClients(run, scenario, { input, ...options } = {}) {
  const helper = JSON.stringify(require.resolve('./service-child'));
  const socket = path.join(tempFolder(), 'socket');
  const state = { ended: false };
  const clients = Array.from({ length: CLIENTS }, (_, at) => client(socket, at * 1e6, state));
  const served = { toString: () => `(context) => require(${helper}).serve(context, ${scenario})` };
  let result;
  try {
    result = await run(served, { ...options, input: { ...input, socket } });
  } finally {
    state.ended = true;
  }
  expect((await Promise.all(clients)).flat()).toEqual([]);
  return result;
}

/**
 * Runs `scenario(context)`, as `runTogether` does, in a service that must be as before afterwards. Resolves with what it
 * returned.
 */
const runServed = (scenario, options) => withClients(runTogether, scenario, options);

/** The same in a process of its own, with the options of `runClean`. */
const runServedAlone = (scenario, options) => withClients(runClean, scenario, options);

module.exports = { runServed, runServedAlone };
