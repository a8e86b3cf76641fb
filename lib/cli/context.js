'use strict';
// What a command works with: its options and files, and where its answer goes.

const { jsonPieces } = require('./json');
const { terminalOf } = require('./terminal');

/** A mistake in the command line: exit code 2. */
class Mistake extends Error {}

/** The value of `--limit`. */
function limitOf(text) {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new Mistake(`--limit must be a whole number from 1 on, not '${text}'.`);
}

class Context {
  /** @param {{ values: object, files?: string[], process: NodeJS.Process }} options */
  constructor({ values, files = [], process }) {
    this.values = values;
    this.files = files;
    this.process = process;
    this.stdout = process.stdout;
    this.terminal = terminalOf(process.stdout, process.env);
    /** What `--limit` says. */
    this.limit = values.limit === undefined ? undefined : limitOf(values.limit);
  }

  /** Prints a line for people; nothing when JSON is wanted. */
  print(text = '') {
    if (!this.values.json) this.stdout.write(`${text}\n`);
  }

  /** Prints a table for people. */
  table(columns, rows) {
    if (!this.values.json) this.stdout.write(require('./table').table(columns, rows, this.terminal));
  }

  /** Prints what is said beside the answer. */
  note(text) {
    this.process.stderr.write(`rs-profiler: ${text}\n`);
  }

  /** Prints the answer for machines, when it is wanted; no faster than it is read. */
  async answer(result) {
    if (!this.values.json) return;
    for (const piece of jsonPieces(result)) {
      if (this.stdout.destroyed) return;
      await new Promise((resolve) => { this.stdout.write(piece, resolve); });
    }
    this.stdout.write('\n');
  }
}

module.exports = { Context, Mistake };
