'use strict';
// The texts of --help.

const { COMMANDS } = require('./commands');

const indented = (rows) => {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
};

/** What `rs-profiler --help` prints, and `rs-profiler GROUP --help`. */
function overview(group = '') {
  const commands = Object.entries(COMMANDS).filter(([name]) => name.startsWith(group));
  const rows = commands.map(([name, { usage, about }]) => [`${name} ${usage}`, about]);
  return `Usage: rs-profiler COMMAND [options]

Says what is wrong in heap snapshots and CPU profiles of V8: plain, gzip-ed or zstd-compressed. '-' reads stdin.

${indented(rows)}
  --help after a command  its options, with examples
  --version               the version

Exit codes: 0 done, 1 failed, 2 a mistake in the command line, 3 a limit was passed that the command line set.
`;
}

/** What `rs-profiler COMMAND --help` prints. */
function helpOf(name) {
  const { usage, about, options, examples } = COMMANDS[name];
  const rows = Object.entries(options).map(([long, { short, value, help }]) => (
    [`${short ? `-${short}, ` : '    '}--${long}${value ? ` ${value}` : ''}`, help]
  ));
  const shown = examples.map((example) => `  ${example.startsWith('curl') ? example : `rs-profiler ${example}`}\n`).join('');
  return `Usage: rs-profiler ${name} ${usage} [options]

${about[0].toUpperCase()}${about.slice(1)}.

${indented(rows)}
Examples:
${shown}`;
}

module.exports = { helpOf, overview };
