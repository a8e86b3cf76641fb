'use strict';

/**
 * Runs a scenario in a service, which clients ask all the while from this process: they must get every answer.
 */

const { runClean } = require('./child');
const { askAllTheWhile } = require('./clients');
const { runTogether } = require('./together');

async function withClients(...args) {
  const { result, faults } = await askAllTheWhile(...args);
  expect(faults).toEqual([]);
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
