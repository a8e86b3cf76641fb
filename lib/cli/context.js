'use strict';
// What a command works with: its options, and where its answer goes.

/** Colours for a terminal; none for files, pipes and those who want none. */
function stylesFor(stream, { NO_COLOR, TERM }) {
  const isColoured = stream.isTTY && !NO_COLOR && TERM !== 'dumb';
  const style = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: style(1), red: style(31), green: style(32), yellow: style(33) };
}

class Context {
  /** @param {{ values: object, process: NodeJS.Process }} options */
  constructor({ values, process }) {
    this.values = values;
    this.stdout = process.stdout;
    this.styles = stylesFor(process.stdout, process.env);
  }

  /** Prints a line for people; nothing when JSON is wanted. */
  print(text = '') {
    if (!this.values.json) this.stdout.write(`${text}\n`);
  }

  /** Prints the answer for machines, when it is wanted. */
  answer(result) {
    if (this.values.json) this.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  }
}

module.exports = { Context };
