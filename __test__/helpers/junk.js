'use strict';

/**
 * Calls functions with arguments that make no sense, in a child process. Everything may be thrown but errors without a
 * code; what an argument itself throws comes out as it is.
 */

const CODE = /^(ERR_RS_PROFILER_[A-Z_]+|ABORT_ERR|E[A-Z]{3,}|FROM_THE_ARGUMENT)$/;

function hostile() {
  const thrower = () => {
    throw Object.assign(new Error('from the argument'), { code: 'FROM_THE_ARGUMENT' });
  };
  const traps = ['get', 'has', 'set', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'defineProperty'];
  return new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, thrower])));
}

/** One of each kind of value, made anew. */
function values() {
  return [undefined, null, Symbol('junk'), NaN, -1, 1e20, '', 'junk', true, {}, [], () => {}, hostile()];
}

/** The same value in one, two and three places, and alone in the second and third. */
function* everyPlace() {
  for (const value of values()) {
    yield [value];
    yield [value, value];
    yield [value, value, value];
    yield ['name', value];
    yield [undefined, undefined, value];
  }
}

/** Every pair of values. */
function* everyPair() {
  for (const first of values()) for (const second of values()) yield [first, second];
}

/** One value in one place. */
function* everyValue() {
  for (const value of values()) yield [value];
}

function label(args) {
  return args.map((value) => (value !== null && typeof value === 'object' ? 'object' : String(value))).join(', ');
}

/** Records what was thrown that must not be. */
class Fuzzer {
  constructor() {
    this.calls = 0;
    this.findings = [];
    process.on('uncaughtException', (error) => this.judge('uncaught', error));
    process.on('unhandledRejection', (error) => this.judge('unhandled', error));
  }

  judge(what, error) {
    if (error instanceof Error && CODE.test(error.code)) return;
    this.findings.push(`${what}: ${error && error.stack}`.slice(0, 300));
  }

  /** Calls `use(...args)` for each list of arguments, awaits what it gives, then calls `after(result)`. */
  async run(name, lists, use, after = () => {}) {
    for (const args of lists) {
      this.calls++;
      try {
        const result = await use(...args);
        await after(result);
      } catch (error) {
        this.judge(`${name}(${label(args)})`, error);
      }
    }
  }
}

module.exports = { Fuzzer, everyPair, everyPlace, everyValue, values };
