'use strict';

/** CPU-bound programs to be profiled. */

const { randomNumbers } = require('./heap');

function parse(text) {
  return JSON.parse(text);
}

function total(orders) {
  let sum = 0;
  for (const order of orders) sum += order.price * order.count;
  return sum;
}

function sortByPrice(orders) {
  return orders.slice().sort((a, b) => a.price - b.price);
}

function label(orders) {
  return orders.map((order) => `${order.name}:${order.count}`).join(',');
}

function handle(text) {
  const orders = parse(text);
  return total(orders) + sortByPrice(orders)[0].price + label(orders).length;
}

/** One request of a small service: some 50 us of parsing, sorting and joining in a handful of functions. */
function makeService() {
  const random = randomNumbers(7);
  const orders = Array.from({ length: 40 }, (_, i) => ({ name: `item${i}`, price: random(1000), count: random(9) }));
  const text = JSON.stringify(orders);
  return () => handle(text);
}

function arithmetic() {
  let x = 1;
  for (let i = 0; i < 2000; i++) x = (x * 1103515245 + 12345) & 0x7fffffff;
  return x;
}

/**
 * A program whose stacks hardly repeat: functions that call one another along random paths, so that every sample adds
 * nodes to the call tree.
 * @param {number} functions how many different functions
 * @param {number} depth how many calls lie above the last one
 * @param {() => void} leaf what is done at the end of each path
 */
function makeCallTree(functions, depth, leaf) {
  const random = randomNumbers(11);
  const table = [];
  for (let i = 0; i < functions; i++) {
    const body = 'if (left <= 0) leaf(); else table[random(table.length)](left - 1, table, random, leaf);';
    table.push(new Function(`return function step${i}(left, table, random, leaf) { ${body} };`)());
  }
  return () => table[random(functions)](depth, table, random, leaf);
}

/**
 * A profile of very many samples in a short time. V8's sampler thread delivers some ten thousand samples a second at best,
 * so the samples are asked for one by one (`CpuProfiler::CollectSample`, which serves every running profile of the
 * thread), at the ends of random paths through eight functions.
 * @param {() => void} collect
 * @param {number} samples
 * @param {number} perSecond not faster than V8's thread can take them in, or the rest would be left for the stop
 */
function collectMany(collect, samples, perSecond) {
  const work = makeCallTree(8, 5, collect);
  const begin = Date.now();
  for (let done = 0; done < samples; done++) {
    work();
    while (done % 100 === 99 && (Date.now() - begin) * perSecond < done * 1000);
  }
}

const WORKLOADS = Object.freeze({
  service: makeService,
  tree: () => makeCallTree(20, 4, arithmetic),
});

/** Runs a workload for so many milliseconds; gives the number of rounds. */
function runFor(work, ms) {
  const end = Date.now() + ms;
  let rounds = 0;
  while (Date.now() < end) {
    for (let i = 0; i < 20; i++) work();
    rounds += 20;
  }
  return rounds;
}

module.exports = { WORKLOADS, collectMany, runFor };
