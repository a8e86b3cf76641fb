'use strict';

/**
 * `npm run bench:metrics`: what the metrics of `rs-profiler/koa`, `/express` and `/fastify` cost a request, in CPU time of the
 * process. Two services with the debug routes, one of them with `metrics: false`, are asked in turns; what counts is each pair of
 * neighbouring bursts. Three ways: over the network, an answer without work; the same with some 1 ms of work; and over connections
 * in memory, which have no system calls: there the microseconds show, over the network they drown.
 *
 * `-- --rounds N` (default 40), `--requests N` a burst (default 4000), `--bursts N` in memory (default 600), `--only FRAMEWORK`,
 * `--markdown FILE`.
 */

const { fork } = require('child_process');
const fs = require('fs');
const { once } = require('events');
const path = require('path');
const { parseArgs } = require('util');
const autocannon = require('autocannon');
const { summary } = require('./lib/statistics');

const FRAMEWORKS = ['koa', 'express', 'fastify'];
const CHILD = path.join(__dirname, 'children', 'metrics.js');
/** At most 2 % more. */
const BAR = 1.02;

function readOptions() {
  const { values } = parseArgs({ options: {
    rounds: { type: 'string', default: '40' }, requests: { type: 'string', default: '4000' }, bursts: { type: 'string', default: '600' },
    only: { type: 'string' }, markdown: { type: 'string' },
  } });
  const { rounds, requests, bursts, only, markdown } = values;
  const frameworks = FRAMEWORKS.filter((each) => only === undefined || each === only);
  return { rounds: Number(rounds), requests: Number(requests), bursts: Number(bursts), frameworks, markdown };
}

async function ask(child, message) {
  child.send(message);
  return (await once(child, 'message'))[0];
}

/** CPU microseconds of the service per request. */
async function burst(child, url, requests) {
  const before = (await ask(child, {})).cpuUs;
  const { '2xx': answered, non2xx, errors } = await autocannon({ url, connections: 8, amount: requests });
  if (answered !== requests || non2xx + errors > 0) throw new Error(`${answered} of ${requests} requests were answered`);
  return ((await ask(child, {})).cpuUs - before) / requests;
}

async function overNetwork(child, ports, path, rounds, requests) {
  const pairs = [];
  for (let round = -2; round < rounds; round += 1) {
    // Now the one first, now the other.
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    const found = [];
    for (const at of order) found[at] = await burst(child, `http://127.0.0.1:${ports[at]}${path}`, requests);
    // The first ones make V8 compile.
    if (round >= 0) pairs.push(found);
  }
  return pairs;
}

async function measure(framework, { rounds, requests, bursts }) {
  const child = fork(CHILD, [framework], { execArgv: [] });
  try {
    const [{ ports }] = await once(child, 'message');
    return {
      memory: (await ask(child, { bursts })).pairs,
      idle: await overNetwork(child, ports, '/users/1', rounds, requests),
      working: await overNetwork(child, ports, '/sums/1', rounds, Math.ceil(requests / 10)),
    };
  } finally {
    child.kill();
  }
}

/** The value below which a share of all lies. */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

function compared(pairs) {
  const [without, measured] = [0, 1].map((at) => summary(pairs.map((pair) => pair[at])).median);
  const [low, ratio, high] = [0.25, 0.5, 0.75].map((share) => quantile(pairs.map(([off, on]) => on / off), share));
  return [without.toFixed(1), measured.toFixed(1), `${(measured - without).toFixed(1)}`, ratio.toFixed(3), `${low.toFixed(3)} to ${high.toFixed(3)}`, ratio <= BAR ? '' : 'missed'];
}

/** Of the bursts that other work on the machine disturbed least: the fastest tenth of each. */
function undisturbed(pairs) {
  const [without, measured] = [0, 1].map((at) => quantile(pairs.map((pair) => pair[at]), 0.1));
  return [without.toFixed(2), measured.toFixed(2), (measured - without).toFixed(2), (measured / without).toFixed(3), '', ''];
}

function rows(framework, { memory, idle, working }) {
  const line = (...cells) => `| ${[framework, ...cells].join(' | ')} |`;
  return [
    line('no work', ...compared(idle)),
    line('some 1 ms of work', ...compared(working)),
    line('no work, in memory', ...undisturbed(memory)),
  ];
}

async function main() {
  const options = readOptions();
  const all = [];
  for (const framework of options.frameworks) {
    const found = rows(framework, await measure(framework, options));
    console.log(found.join('\n'));
    all.push(...found);
  }
  const head = [
    '| framework | request | CPU us without | with metrics | more | ratio | its quartiles | bar: at most 1.02 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  if (options.markdown) fs.writeFileSync(options.markdown, `${[...head, ...all].join('\n')}\n`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
