'use strict';
// The texts of --help.

const { COMMANDS } = require('./commands');

/** Two columns. */
function rowsOf(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

/** An example as it is typed; those that begin with something else have the program's name in them. */
function typed(example) {
  return example.includes('rs-profiler') ? example : `rs-profiler ${example}`;
}

/** What `rs-profiler --help` prints. */
function overview() {
  const commands = Object.entries(COMMANDS);
  const rows = commands.map(([name, { usage, about }]) => [`${name} ${usage}`.trim(), about]);
  const examples = commands.map(([, command]) => `  ${typed(command.examples[0])}\n`);
  return `Usage: rs-profiler COMMAND [options]

CPU profiles, heap snapshots and sampling heap profiles of Node.js.

${rowsOf(rows)}
${rowsOf([['--help', 'after a command: its options, with examples'], ['--version', 'the version']])}
Examples:
${examples.join('')}
Exit codes: 0 done, 1 failed, 2 a mistake in the command line.
`;
}

/** What `rs-profiler COMMAND --help` prints. */
function helpOf(name) {
  const { usage, about, options, examples } = COMMANDS[name];
  const rows = Object.entries(options).map(([long, { short, value, help }]) => (
    [`${short ? `-${short}, ` : '    '}--${long}${value ? ` ${value}` : ''}`, help]
  ));
  return `Usage: rs-profiler ${[name, usage].filter(Boolean).join(' ')} [options]

${about[0].toUpperCase()}${about.slice(1)}.

${rowsOf(rows)}
Examples:
${examples.map((example) => `  ${typed(example)}\n`).join('')}`;
}

module.exports = { helpOf, overview };
