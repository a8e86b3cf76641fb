'use strict';

/** The command lines of the benchmarks. */

const CAPTURE = Object.freeze({
  switches: ['quick', 'check', 'list', 'help'],
  withValue: ['runs', 'only', 'heaps', 'json', 'markdown'],
  usage: `usage: node benchmark/capture.js [options]

  --runs N         runs of every measurement (default 5; sections that take long use fewer, see benchmark/README.md)
  --only a,b       only these sections
  --heaps 20,100   sizes of the heap in MB, in the section snapshot (default 20,100,300)
  --quick          one run on small inputs: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --markdown FILE  the tables for a document
  --list           names the sections
  --help           this text
`,
});

const PAUSE = Object.freeze({
  switches: ['quick', 'check', 'results', 'help'],
  withValue: ['runs', 'node', 'heaps', 'only', 'json', 'markdown', 'svg', 'from'],
  usage: `usage: node benchmark/pause.js [options]

  --node 20,24     the Node majors to measure on, one after the other (default: the running one)
  --heaps 20,100   sizes of the heap in MB (default 20,100,300, and 1000 up to Node 22, where the bars are set)
  --runs N         at most so many runs of every measurement (default 5; large heaps have fewer, see benchmark/README.md)
  --only a,b       idle (only the 1 ms timer runs), load (requests are answered); default both
  --quick          one run of everything on a heap of 5 MB: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --from a,b       measures nothing, takes the results of earlier runs from these files of --json
  --markdown FILE  the tables for a document
  --svg FILE       the plot of the longest stops
  --results        writes both into benchmark/ (RESULTS.md, pauses.svg), as a run of everything on several Nodes does
  --help           this text
`,
});

const ANALYSIS = Object.freeze({
  switches: ['quick', 'check', 'prepare', 'results', 'help'],
  withValue: ['runs', 'only', 'json', 'markdown', 'from'],
  usage: `usage: node benchmark/analysis.js [options]

  --only 50,330    only these snapshots: 50, 330, 1700 (MB), strings (more than 512 MiB of them)
  --runs N         at most so many runs of every measurement (default 5; peers have fewer on the largest snapshot)
  --prepare        builds the peers and makes the snapshots, measures nothing
  --quick          one run on the smallest snapshot: shows that the scripts work
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --from a,b       measures nothing, takes the results of earlier runs from these files of --json
  --markdown FILE  the tables for a document
  --results        writes them into benchmark/RESULTS.md, as a run of everything does
  --help           this text
`,
});

/**
 * @param {string[]} argv the arguments after the script's name
 * @param {{ switches: string[], withValue: string[], usage: string }} grammar
 * @returns {Record<string, any>} `runs` is a number, `only`, `node`, `heaps` and `from` are lists where given, switches are booleans
 * @throws {Error} for an argument that is not known
 */
function parseArguments(argv, { switches, withValue, usage }) {
  const options = Object.fromEntries([['runs', 5], ...switches.map((name) => [name, false])]);
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = argv[i].split(/=(.*)/s);
    const name = word.replace(/^--/, '');
    if (word.startsWith('--') && switches.includes(name) && inline === undefined) {
      options[name] = true;
    } else if (word.startsWith('--') && withValue.includes(name)) {
      const value = inline === undefined ? argv[++i] : inline;
      if (value === undefined) throw new Error(`${word} needs a value\n\n${usage}`);
      options[name] = value;
    } else {
      throw new Error(`unknown argument ${argv[i]}\n\n${usage}`);
    }
  }
  options.runs = positive('--runs', options.runs);
  if (options.quick) options.runs = 1;
  for (const name of ['only', 'from', 'node', 'heaps']) {
    if (options[name] !== undefined) options[name] = options[name].split(',').filter(Boolean);
  }
  for (const name of ['node', 'heaps']) {
    if (options[name] !== undefined) options[name] = options[name].map((text) => positive(`--${name}`, text));
  }
  return options;
}

function positive(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} needs whole numbers of at least 1`);
  return number;
}

module.exports = { ANALYSIS, CAPTURE, PAUSE, parseArguments };
