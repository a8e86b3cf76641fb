'use strict';

/**
 * Functions that leave nothing behind, and functions that do, for the matchers of `rs-profiler/jest`. Each entry makes a function with
 * a state of its own. `held` is what the message about a leak has to name.
 */

const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

class Session {
  constructor(number) {
    this.number = number;
    this.text = `session ${number}`;
  }
}

class Shape {}

const clean = {
  'a cache that fills to a bound': () => {
    const cache = new Map();
    let number = 0;
    return () => {
      number += 1;
      cache.set(number, { number, text: `entry ${number}` });
      if (cache.size > 1000) cache.delete(cache.keys().next().value);
    };
  },
  'memoisation of few keys': () => {
    const memo = {};
    let number = 0;
    return () => {
      const key = `key ${(number += 1) % 64}`;
      memo[key] ??= { key, squares: Array.from({ length: 100 }, (_, at) => at * at) };
      return memo[key];
    };
  },
  'a pool of buffers': () => {
    const pool = [];
    return () => {
      const taken = [pool.pop() ?? Buffer.alloc(65536), pool.pop() ?? Buffer.alloc(65536)];
      taken[0].fill(1);
      pool.push(...taken);
    };
  },
  'JSON and regular expressions': () => {
    let number = 0;
    return () => {
      const text = JSON.stringify({ list: Array.from({ length: 50 }, () => ({ number: (number += 1), name: `name ${number}` })) });
      return JSON.parse(text).list.filter(({ name }) => /^name (\d+)[05]$/.exec(name));
    };
  },
  'errors with stacks that are caught': () => () => {
    try {
      throw new Error('expected', { cause: new TypeError('inner') });
    } catch (error) {
      return error.stack.length;
    }
  },
  'big temporary arrays and buffers': () => () => {
    const list = new Array(50_000).fill(1.5);
    return list.length + Buffer.alloc(500_000).length;
  },
  'generators and closures': () => () => {
    function* numbers() {
      for (let number = 0; number < 100; number += 1) yield () => number;
    }
    return [...numbers()].reduce((sum, get) => sum + get(), 0);
  },
  'objects that gain and lose properties': () => {
    let number = 0;
    return () => {
      const shape = new Shape();
      for (let at = 0; at < 20; at += 1) shape[`property${(number + at) % 40}`] = at;
      number += 1;
      delete shape.property0;
      return Object.keys(shape);
    };
  },
  'listeners that are taken off, and timers that are cleared': () => {
    const emitter = new EventEmitter();
    return () => {
      const listener = () => {};
      emitter.on('data', listener);
      emitter.emit('data');
      emitter.off('data', listener);
      clearTimeout(setTimeout(() => {}, 100_000));
    };
  },
  'an asynchronous function with a timer, promises and a file': () => async () => {
    await sleep(1);
    await Promise.all([Promise.resolve(new Session(1)), fs.promises.stat(__filename)]);
  },
};

const leaking = {
  'one small object': {
    held: /Session/,
    make: () => {
      const kept = [];
      let number = 0;
      return () => kept.push(new Session((number += 1)));
    },
  },
  'buffers, off heap': {
    held: /Buffer/,
    make: () => {
      const kept = [];
      return () => kept.push(Buffer.alloc(20_000));
    },
  },
  'listeners': {
    held: /Function|listener/,
    make: () => {
      const emitter = new EventEmitter().setMaxListeners(0);
      return () => emitter.on('data', function listener() {});
    },
  },
  'closures': {
    held: /Function/,
    make: () => {
      const kept = [];
      return () => {
        const payload = new Array(10).fill(kept.length);
        kept.push(() => payload);
      };
    },
  },
  'timers that are never cleared': {
    held: /Timeout/,
    make: () => () => {
      setInterval(() => {}, 1_000_000).unref();
    },
  },
  'a Map keyed by time': {
    held: /Object|Map/,
    make: () => {
      const seen = new Map();
      return () => seen.set(performance.now(), { path: '/' });
    },
  },
  'promises that are never settled': {
    held: /Promise/,
    make: () => {
      const kept = [];
      return async () => {
        kept.push(new Promise(() => {}));
      };
    },
  },
  'texts': {
    held: /string/,
    make: () => {
      const kept = new Set();
      let number = 0;
      return () => kept.add(`/path/of/a/request?number=${(number += 1)}`);
    },
  },
  'numbers in a Set': {
    held: /Grown in \d+ more iterations: Set/,
    make: () => {
      const seen = new Set();
      let number = 0;
      return () => seen.add((number += 1));
    },
  },
  'a linked list, asynchronously': {
    held: /Session/,
    make: () => {
      let last;
      return async () => {
        await null;
        const session = new Session(1);
        session.previous = last;
        last = session;
      };
    },
  },
};

module.exports = { clean, leaking };
