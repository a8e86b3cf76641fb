'use strict';
// The application's prom-client: our families become metrics of its default registry.

const path = require('path');
const { createRequire } = require('module');
const { isDefault } = require('./families');
const { exposition } = require('./text');

/** By registry: the services whose figures it can show, of which it shows the first, and the names of our metrics in it. */
const registries = new WeakMap();

/** Whether it is prom-client, in a version that we know. */
const isPromClient = (client) => ['registerMetric', 'getSingleMetric', 'removeSingleMetric', 'getMetricsAsJSON', 'metrics'].every(
  (name) => typeof client?.register?.[name] === 'function');

/** The prom-client that the application would require, or undefined. */
function findPromClient() {
  const main = process.argv[1] || path.join(process.cwd(), 'x.js');
  try {
    const client = createRequire(path.resolve(main))('prom-client');
    return isPromClient(client) ? client : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Registers a metric for each family whose name is free and not one of prom-client's own: those belong to the application's
 * `collectDefaultMetrics()`, whenever it is called.
 * @param {object} client the module prom-client
 * @param {() => ReturnType<import('./families').families>} families asked at each scrape
 */
function register({ register: registry }, families) {
  const known = registries.get(registry);
  if (known) {
    known.sources.push(families);
    return;
  }
  const entry = { sources: [families], names: [], latest: undefined };
  /** All metrics of a scrape are asked in one turn of the event loop. */
  const current = () => {
    if (!entry.latest) {
      entry.latest = new Map(entry.sources[0]().map((each) => [each.name, each]));
      setImmediate(() => (entry.latest = undefined));
    }
    return entry.latest;
  };
  for (const { name, help, type } of families()) {
    if (isDefault(name) || registry.getSingleMetric(name)) continue;
    const get = async () => {
      const { values } = current().get(name) ?? { values: [] };
      return { name, help, type, aggregator: 'sum', values };
    };
    registry.registerMetric({ name, help, type, aggregator: 'sum', get, reset() {} });
    entry.names.push(name);
  }
  registries.set(registry, entry);
}

/** Takes a service out of the registry, and with the last one our metrics. */
function unregister({ register: registry }, families) {
  const entry = registries.get(registry);
  if (!entry) return;
  entry.sources = entry.sources.filter((each) => each !== families);
  entry.latest = undefined;
  if (entry.sources.length > 0) return;
  for (const name of entry.names) registry.removeSingleMetric(name);
  registries.delete(registry);
}

/** The text of the registry, and of those families that it does not have. */
async function textWith({ register: registry }, families) {
  const text = await registry.metrics();
  const missing = families().filter(({ name }) => !registry.getSingleMetric(name));
  // OpenMetrics ends with a mark.
  const [, body, mark] = /^([^]*?)\n*(# EOF\n*)?$/.exec(text);
  return { body: `${body ? `${body}\n\n` : ''}${exposition(missing)}${mark ?? ''}`, type: registry.contentType };
}

/** The families of the registry but for `own` ones, in our form. */
async function familiesBeside({ register: registry }, own) {
  const known = new Set(own.map(({ name }) => name));
  const theirs = (await registry.getMetricsAsJSON()).filter(({ name }) => !known.has(name));
  return theirs.map(({ name, help, type, values }) => ({
    name, help, type, values: values.map(({ metricName = name, labels = {}, value }) => ({ metricName, labels, value })),
  }));
}

module.exports = { familiesBeside, findPromClient, isPromClient, register, textWith, unregister };
