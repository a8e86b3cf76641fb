'use strict';

/**
 * Analysis of heap snapshots, side by side with the crate v8-heap-parser, Chrome DevTools' worker, memlab and
 * @heap-snapshot/tool in one run, on generated snapshots. See benchmark/README.md.
 *
 * `node benchmark/analysis.js --help` names the options.
 */

const fs = require('fs');
const { untilNow, workingCopy } = require('../scripts/working-copy');
const { INPUTS, inputFor } = require('./lib/analysis-inputs');
const { prepareAnalysisPeers } = require('./lib/analysis-peers');
const { writeResults } = require('./lib/analysis-results');
const { ANALYSIS, parseArguments } = require('./lib/arguments');
const report = require('./lib/report');
const { Rounds } = require('./lib/rounds');
const { run } = require('./sections/analysis');

/** The snapshots that are measured, the small ones first. */
function chosen({ only, quick }) {
  const names = Object.keys(INPUTS);
  const unknown = (only || []).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no snapshot ${unknown.join(', ')}; there are ${names.join(', ')}`);
  return names.filter((name) => (only ? only.includes(name) : !quick || name === '50'));
}

const readResult = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** What an earlier run of the same clean commit on the same Node left in its file. */
function kept({ resume, json }, { node, commit, changed }) {
  if (!resume || !json || changed || !fs.existsSync(json)) return [];
  const { environment, sections } = readResult(json);
  return environment.commit === commit && environment.node === node && !environment.changed ? sections : [];
}

async function section(name, context) {
  const begin = Date.now();
  const made = await run(name, context);
  return { ...made, seconds: Math.round((Date.now() - begin) / 1000) };
}

async function measure(options, names) {
  const modules = await prepareAnalysisPeers();
  const environment = report.environment(modules);
  const result = { environment, options, sections: [], broken: [] };
  const before = kept(options, environment);
  console.log(report.headline(environment));
  for (const [name, { available, reason }] of Object.entries(modules)) if (!available) console.log(`${name}: ${reason}`);
  const rounds = new Rounds(modules);
  try {
    for (const name of names) {
      const made = before.find(({ input }) => input === name) || await section(name, { rounds, modules, runs: options.runs });
      result.sections.push(made);
      result.broken = rounds.broken;
      console.log(report.sectionText(made));
      if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    }
  } finally {
    rounds.close();
  }
  return result;
}

/** Where the document belongs: figures of one clean commit to the repository's own. */
function belongs(results, begun) {
  const clean = results.every(({ environment }) => !environment.changed && environment.commit === results[0].environment.commit);
  return clean ? untilNow(begun) : { ...begun, folder: 'coverage' };
}

async function main() {
  const options = { runs: 5, ...parseArguments(process.argv.slice(2), ANALYSIS) };
  if (options.help) return console.log(ANALYSIS.usage);
  if (!fs.existsSync('/proc/self/status')) throw new Error('The benchmark reads memory and CPU time from /proc and needs Linux.');
  const names = chosen(options);
  if (options.prepare) {
    const peers = Object.entries(await prepareAnalysisPeers());
    for (const name of names) inputFor(name);
    return console.log(peers.map(([name, { available, reason }]) => `${name}: ${available ? 'ready' : reason}`).join('\n'));
  }
  const begun = workingCopy();
  const results = options.from ? options.from.map(readResult) : [await measure(options, names)];
  if (options.results) console.log(`\n${writeResults(results, belongs(results, begun))} is written`);
  process.exitCode = report.conclude(results, options);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
