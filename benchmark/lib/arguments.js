'use strict';

/** The command line of the benchmark. */

const USAGE = `usage: node benchmark/capture.js [options]

  --runs N         runs of every measurement (default 5; sections that take long use fewer, see benchmark/README.md)
  --only a,b       only these sections
  --megabytes a,b  only these sizes of heaps in the sections of snapshots
  --quick          one run on small inputs: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --markdown FILE  the tables for a document
  --list           names the sections
  --help           this text
`;

const SWITCHES = ['quick', 'check', 'list', 'help'];
const WITH_VALUE = ['runs', 'only', 'megabytes', 'json', 'markdown'];

/**
 * @param {string[]} argv the arguments after the script's name
 * @returns {{ runs: number, only?: string[], megabytes?: number[], quick: boolean, check: boolean, list: boolean, help: boolean, json?: string, markdown?: string }}
 * @throws {Error} for an argument that is not known
 */
function parseArguments(argv) {
  const options = { runs: 5, quick: false, check: false, list: false, help: false };
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = argv[i].split(/=(.*)/s);
    const name = word.replace(/^--/, '');
    if (word.startsWith('--') && SWITCHES.includes(name) && inline === undefined) {
      options[name] = true;
    } else if (word.startsWith('--') && WITH_VALUE.includes(name)) {
      const value = inline === undefined ? argv[++i] : inline;
      if (value === undefined) throw new Error(`${word} needs a value\n\n${USAGE}`);
      options[name] = value;
    } else {
      throw new Error(`unknown argument ${argv[i]}\n\n${USAGE}`);
    }
  }
  options.runs = Number(options.runs);
  if (!Number.isInteger(options.runs) || options.runs < 1) throw new Error('--runs needs a whole number of at least 1');
  if (options.quick) options.runs = 1;
  if (options.only !== undefined) options.only = options.only.split(',').filter(Boolean);
  if (options.megabytes !== undefined) {
    options.megabytes = options.megabytes.split(',').map(Number);
    if (!options.megabytes.every((size) => size > 0)) throw new Error('--megabytes needs numbers above 0, with commas between them');
  }
  return options;
}

module.exports = { USAGE, parseArguments };
