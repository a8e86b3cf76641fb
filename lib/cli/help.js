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

const INTRODUCTION = {
  '': 'CPU profiles, heap snapshots and sampling heap profiles of Node.js.',
  heap: 'Says what is in a heap snapshot, with the numbers of Chrome DevTools. FILE is a .heapsnapshot or .heaptimeline, plain,\n'
    + 'compressed with gzip or zstd, or - for standard input. Objects are named by their id: @74745.',
};

/** What `rs-profiler --help` prints, and with a group `rs-profiler GROUP --help`. */
function overview(group = '') {
  const commands = Object.entries(COMMANDS).filter(([name]) => !group || name.startsWith(`${group} `));
  const rows = commands.map(([name, { usage, about }]) => [`${name} ${usage}`.trim(), about]);
  const examples = commands.map(([, command]) => `  ${typed(command.examples[0])}\n`);
  return `Usage: rs-profiler ${group ? `${group} ` : ''}COMMAND [options]

${INTRODUCTION[group]}

${rowsOf(rows)}
${rowsOf([['--help', 'after a command: its options, with examples'], ...(group ? [] : [['--version', 'the version']])])}
Examples:
${examples.join('')}
Exit codes: 0 done, 1 failed, 2 a mistake in the command line, 3 the heap grew by more than --fail-on-growth allows.
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
