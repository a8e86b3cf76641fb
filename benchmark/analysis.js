'use strict';

/**
 * Analysis of heap snapshots, side by side with the crate v8-heap-parser, memlab and Chrome DevTools' worker in one run, on
 * generated snapshots. See benchmark/README.md.
 *
 * `node benchmark/analysis.js --help` names the options.
 */

const fs = require('fs');
const path = require('path');
const { INPUTS, inputFor } = require('./lib/analysis-inputs');
const { prepareAnalysisPeers } = require('./lib/analysis-peers');
const { ANALYSIS, parseArguments } = require('./lib/arguments');
const report = require('./lib/report');
const { writePart } = require('./lib/results');
const { Rounds } = require('./lib/rounds');
const { sectionOf } = require('./sections/analysis');

const DOCUMENT = path.join(__dirname, 'RESULTS.md');

/** The snapshots that are measured, the small ones first. */
function chosen({ only, quick }) {
  const names = Object.keys(INPUTS);
  const unknown = (only || []).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no snapshot ${unknown.join(', ')}; there are ${names.join(', ')}`);
  return names.filter((name) => (only ? only.includes(name) : !quick || name === '50'));
}

async function measure(options) {
  if (options.from) return options.from.map((file) => JSON.parse(fs.readFileSync(file, 'utf8')));
  const names = chosen(options);
  const modules = await prepareAnalysisPeers();
  if (options.prepare) {
    for (const name of names) inputFor(name);
    return [];
  }
  const result = { environment: report.environment(modules), options, sections: [], broken: [] };
  console.log(report.headline(result.environment));
  const rounds = new Rounds(modules);
  try {
    for (const name of names) {
      const begin = Date.now();
      const section = await sectionOf(name)({ rounds, modules, runs: options.runs });
      section.seconds = Math.round((Date.now() - begin) / 1000);
      result.sections.push(section);
      result.broken = rounds.broken;
      console.log(report.sectionText(section));
      write(options, [result]);
    }
  } finally {
    rounds.close();
  }
  return [result];
}

function write({ json, markdown, results: kept }, results) {
  const text = () => results.map(({ environment, sections }) => report.toMarkdownReport(environment, sections)).join('\n');
  if (json) fs.writeFileSync(json, `${JSON.stringify(results[0], null, 2)}\n`);
  if (markdown) fs.writeFileSync(markdown, text());
  if (kept) writePart(DOCUMENT, 'Last full run of `npm run bench:analysis`', text());
}

async function main() {
  const options = parseArguments(process.argv.slice(2), ANALYSIS);
  if (options.help) return console.log(ANALYSIS.usage);
  if (!options.only && !options.quick && !options.prepare) options.results = true;
  if (!fs.existsSync('/proc/self/status')) throw new Error('The benchmark reads memory and CPU time from /proc and needs Linux.');
  const results = await measure(options);
  if (results.length === 0) return;
  write(options, results);
  const sections = results.flatMap((result) => result.sections);
  const broken = results.flatMap((result) => result.broken);
  const { passed, missed, notMeasured } = report.count(sections);
  console.log(`\n${passed} bars passed, ${missed} missed, ${notMeasured} not measured`);
  for (const line of broken) console.log(`broken: ${line}`);
  process.exitCode = broken.length > 0 || (options.check && missed + notMeasured > 0) ? 1 : 0;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
