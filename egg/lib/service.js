'use strict';
// The service of lib/service as Egg's processes have it: options from config.rsProfiler, turns and other workers from the agent.

const profiler = require('../..');
const { createService } = require('../../lib/service');
const { checkServiceOptions } = require('../../lib/service/options');
const { makeError } = require('../../lib/errors');

/** What `config.rsProfiler` holds for the plugin and not for the service. */
const OWN = ['prefix', 'enable', 'match', 'ignore', 'schedule'];

/** Whether somebody may use the routes: without a word about it they are off. */
function hasRoutes({ enable = true, enabled = true, token, authorize, loopbackOnly }) {
  return enable && enabled && (token !== undefined || authorize !== undefined || loopbackOnly === true);
}

/** Reads `config.rsProfiler`. The token is not enumerable, so that no copy of the configuration has it. */
function optionsOf(config) {
  const options = { ...config, token: config.token };
  for (const name of OWN) delete options[name];
  return options;
}

/**
 * Makes the service of a worker, or of the agent with `isAgent`. Where the routes are off, the service is there for
 * `app.rsProfiler`, and is made when that first captures.
 */
function serviceOf(config, { turns, workers, isAgent = false }) {
  const routes = hasRoutes(config) && !isAgent;
  const closed = { token: undefined, authorize: () => false, loopbackOnly: false, enabled: true, metrics: false };
  const make = () => createService(profiler, { ...optionsOf(config), ...(!routes && closed), turns, workers });
  // Mistakes in the configuration are found when the application starts.
  let service = routes ? make() : undefined;
  let isClosed = false;
  return {
    routes,
    get() {
      if (isClosed) throw makeError('CLOSED', 'The application is closing: nothing is captured any more.');
      service ??= make();
      return service;
    },
    close() {
      isClosed = true;
      service?.close();
    },
  };
}

/** The options of `capture` as the query of a route; what is undefined is not said. */
const queryOf = (options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]));

/** How many captures of all workers may begin in a time. */
const rateOf = ({ rate }) => checkServiceOptions({ rate, enabled: false }).rate;

module.exports = { queryOf, rateOf, serviceOf };
