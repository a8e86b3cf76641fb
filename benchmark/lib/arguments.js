'use strict';

/** The command lines of the benchmarks. */

const CAPTURE = Object.freeze({
  switches: ['quick', 'check', 'list', 'help'],
  withValue: ['runs', 'only', 'megabytes', 'json', 'markdown'],
  usage: `usage: node benchmark/capture.js [options]

  --runs N         runs of every measurement (default 5; sections that take long use fewer, see benchmark/README.md)
  --only a,b       only these sections
  --megabytes a,b  only these sizes of heaps in the sections of snapshots
  --quick          one run on small inputs: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --markdown FILE  the tables for a document
  --list           names the sections
  --help           this text
`,
});

const PAUSE = Object.freeze({
  switches: ['quick', 'check', 'results', 'thp', 'help'],
  withValue: ['runs', 'node', 'megabytes', 'only', 'tools', 'json', 'from'],
  usage: `usage: node benchmark/pause.js [options]

  --node 20,24     the Node majors to measure on, one after the other (default: the running one)
  --megabytes a,b  sizes of the heap in MB (default 20,100,300,1000; the last takes hours on two cores)
  --runs N         runs of rs-profiler, of the bare fork and of v8.writeHeapSnapshot (default: fewer, the larger the heap)
  --only a,b       idle (a 1 ms timer runs), load (requests are answered), memory; default all three
  --tools a,b      ours, fork, v8, vpn (v8-profiler-next), heapdump; default all
  --thp            with transparent huge pages set to 'always' for the machine, set back at the end; needs root
  --quick          one run of everything on a heap of 5 MB: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines
  --from a,b       measures nothing, takes the results of earlier runs from these files of --json
  --results        writes benchmark/PAUSES.md, benchmark/pauses.svg and the table in README.md
  --help           this text
`,
});

const ANALYSIS = Object.freeze({
  switches: ['quick', 'check', 'prepare', 'resume', 'results', 'help'],
  withValue: ['runs', 'only', 'json', 'from'],
  usage: `usage: node benchmark/analysis.js [options]

  --only 50,330    only these snapshots: 50, 330, 1700 (MB), strings (more than 512 MiB of them)
  --runs N         runs of every measurement (default 5; peers have fewer on the largest snapshot)
  --prepare        builds the peers and makes the snapshots, measures nothing
  --quick          one run on the smallest snapshot: shows that the scripts work, the figures mean nothing
  --check          exit code 1 when a bar is missed or could not be measured
  --json FILE      results for machines, written anew after every snapshot
  --resume         leaves out the snapshots that the file of --json has from this commit
  --from a,b       measures nothing, takes the results of earlier runs from these files of --json
  --results        writes ANALYSIS.md: into benchmark/ when all is of one clean commit, else into coverage/
  --help           this text
`,
});

const LISTS = ['only', 'tools', 'from', 'node', 'megabytes'];

/**
 * @param {string[]} argv the arguments after the script's name
 * @param {{ switches: string[], withValue: string[], usage: string }} grammar
 * @returns {Record<string, any>} `runs` is a number, lists are lists, where given; switches are booleans
 * @throws {Error} for an argument that is not known
 */
function parseArguments(argv, { switches, withValue, usage }) {
  const options = Object.fromEntries(switches.map((name) => [name, false]));
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
  if (options.runs !== undefined) options.runs = wholeNumber('--runs', options.runs);
  if (options.quick) options.runs = 1;
  for (const name of LISTS.filter((each) => options[each] !== undefined)) options[name] = options[name].split(',').filter(Boolean);
  if (options.node !== undefined) options.node = options.node.map((text) => wholeNumber('--node', text));
  if (options.megabytes !== undefined) {
    options.megabytes = options.megabytes.map(Number);
    if (!options.megabytes.every((size) => size > 0)) throw new Error('--megabytes needs numbers above 0, with commas between them');
  }
  return options;
}

function wholeNumber(name, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} needs whole numbers of at least 1`);
  return number;
}

module.exports = { ANALYSIS, CAPTURE, PAUSE, parseArguments };
