'use strict';

/**
 * Fills the JavaScript heap with varied small objects, the same ones on every run.
 *
 * How much of the text is distinct matters to exporters: V8's serializer keeps a table of every distinct string, some 32
 * to 60 bytes each, whoever calls it. Here about one node in fifty is a string of its own, four in fifty when `manyTexts`
 * is asked for.
 */

const MIB = 1024 * 1024;

/** A small generator of pseudo-random integers (xorshift), so that runs are alike. */
function randomNumbers(seed) {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

class Customer {
  constructor(id, name) {
    this.id = id;
    this.name = name;
    this.orders = [];
  }
}

class Order {
  constructor(number, customer, total) {
    this.number = number;
    this.customer = customer;
    this.total = total;
  }
}

const makers = (text) => [
  (i, random, previous) => ({ id: i, name: text('record', i), tags: ['a', random(100), `t${random(1000)}`], previous }),
  (i, random, previous) => new Map([[text('k', i), random(1e6)], ['previous', previous], ['items', [i, i + 1, { i }]]]),
  (i, random) => {
    const customer = new Customer(i, `customer ${random(5000)}`);
    for (let n = random(4); n >= 0; n--) customer.orders.push(new Order(i * 10 + n, customer, random(1e6) / 100));
    return customer;
  },
  (i, random, previous) => () => [i, previous, random],
  (i, random) => ({ at: new Date(i * 1000), pattern: random(2) ? null : undefined, set: new Set([i, text('s', i)]), nested: { x: { y: { z: i } } } }),
  (i, random) => Array.from({ length: random(20) }, (_, n) => ({ n, value: n * i })),
  (i, random) => `${random(1e9).toString(36)}-${i}-${random(1e9).toString(36)}`,
];

/**
 * Builds objects until the heap has grown by so many bytes after a collection. Needs `--expose-gc`.
 * @param {number} megabytes
 * @param {boolean} [manyTexts] whether most strings are distinct
 * @returns {object} the root; keep it
 */
function fill(megabytes, manyTexts = false) {
  const make = makers((word, i) => `${word} ${manyTexts ? i : i % 500}`);
  const random = randomNumbers(20);
  const root = [];
  let chunk;
  let i = 0;
  global.gc();
  const base = process.memoryUsage().heapUsed;
  const goal = base + megabytes * MIB;
  let used = base;
  while (used < goal) {
    const perRecord = i === 0 ? 300 : (used - base) / i;
    const count = Math.max(1000, Math.min(200000, Math.ceil((goal - used) / perRecord)));
    for (let n = 0; n < count; n++, i++) {
      if (i % 1000 === 0) root.push(chunk = []);
      chunk.push(make[i % make.length](i, random, chunk[chunk.length - 1]));
    }
    global.gc();
    used = process.memoryUsage().heapUsed;
  }
  return root;
}

module.exports = { fill, randomNumbers };
