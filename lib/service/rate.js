'use strict';
// How many captures this process begins in a time.

const { makeError } = require('../errors');

class Rate {
  #captures;
  #perMs;
  #begun = [];

  /** @param {{ captures: number, perMs: number }} limit */
  constructor({ captures, perMs }) {
    this.#captures = captures;
    this.#perMs = perMs;
  }

  /** Counts one, or throws `RATE` with `retryAfterSeconds`. */
  count(now = performance.now()) {
    this.#begun = this.#begun.filter((time) => now - time < this.#perMs);
    if (this.#begun.length >= this.#captures) {
      const retryAfterSeconds = Math.ceil((this.#begun[0] + this.#perMs - now) / 1000);
      const error = makeError('RATE', `${this.#captures} captures were begun in ${this.#perMs / 1000} seconds: try again in ${retryAfterSeconds} seconds.`);
      throw Object.assign(error, { retryAfterSeconds });
    }
    this.#begun.push(now);
  }
}

module.exports = { Rate };
