'use strict';

/**
 * How long a service stands still for a heap snapshot: rs-profiler's forked child, `v8.writeHeapSnapshot`,
 * v8-profiler-next and heapdump in one run, on services with heaps of several sizes, idle and under load. See
 * benchmark/README.md.
 *
 * `node benchmark/pause.js --help` names the options.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { binaryFor } = require('../scripts/node-dist');
const { PAUSE, parseArguments } = require('./lib/arguments');
const { loadModules } = require('./lib/modules');
const { plotPauses } = require('./lib/plot');
const report = require('./lib/report');
const { writePart } = require('./lib/results');
const { Rounds } = require('./lib/rounds');
const { KINDS, sectionOf } = require('./sections/pause');

const DOCUMENT = path.join(__dirname, 'RESULTS.md');
const PICTURE = path.join(__dirname, 'pauses.svg');

/** The sizes that are measured unless told otherwise. The largest takes minutes for each snapshot, so not everywhere. */
function sizes({ quick, heaps }) {
  if (heaps) return heaps;
  if (quick) return [5];
  return Number(process.versions.node.split('.')[0]) < 24 ? [20, 100, 300, 1000] : [20, 100, 300];
}

/** Measures on the running Node. */
async function measureHere(options) {
  const unknown = (options.only || []).filter((name) => !KINDS.includes(name));
  if (unknown.length > 0) throw new Error(`no measurement ${unknown.join(', ')}; there are ${KINDS.join(', ')}`);
  const modules = loadModules();
  const rounds = new Rounds(modules);
  const result = { environment: report.environment(modules), options, sections: [], broken: [] };
  const { available, reason } = modules['rs-profiler'];
  if (!available) result.broken.push(`rs-profiler: ${reason}`);
  console.log(`\n${report.headline(result.environment)}`);
  try {
    for (const megabytes of sizes(options)) {
      const begin = Date.now();
      const { runs, quick, only } = options;
      const section = await sectionOf(megabytes)({ rounds, runs, quick, only });
      section.seconds = Math.round((Date.now() - begin) / 1000);
      result.sections.push(section);
      console.log(report.sectionText(section));
      result.broken = [...result.broken.slice(0, available ? 0 : 1), ...rounds.broken];
      write(options, [result]);
    }
  } finally {
    rounds.close();
  }
  return result;
}

/** Measures on another Node, in a process of it. */
function measureOn(major, options, folder) {
  const json = path.join(folder, `${major}.json`);
  const argv = [__filename, '--json', json, '--runs', String(options.runs)];
  for (const name of ['heaps', 'only']) if (options[name]) argv.push(`--${name}`, options[name].join());
  if (options.quick) argv.push('--quick');
  const { status, signal } = spawnSync(binaryFor(major).node, argv, { stdio: 'inherit' });
  if (!fs.existsSync(json)) throw new Error(`the run on Node ${major} ended with ${signal || status}`);
  const [result] = JSON.parse(fs.readFileSync(json, 'utf8')).results;
  if (status !== 0 && result.broken.length === 0) result.broken.push(`the run on Node ${major} ended with ${signal || status}`);
  return result;
}

async function measure(options) {
  if (options.from) return options.from.flatMap((file) => JSON.parse(fs.readFileSync(file, 'utf8')).results);
  if (!options.node) return [await measureHere(options)];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-pause-'));
  const results = [];
  try {
    for (const major of options.node) {
      results.push(measureOn(major, options, folder));
      write(options, results);
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

function write({ json, markdown, svg, results: kept }, results) {
  const text = () => results.map(({ environment, sections }) => report.toMarkdownReport(environment, sections)).join('\n');
  if (json) fs.writeFileSync(json, `${JSON.stringify({ results }, null, 2)}\n`);
  if (markdown) fs.writeFileSync(markdown, text());
  if (svg) fs.writeFileSync(svg, plotPauses(results));
  if (!kept) return;
  fs.writeFileSync(PICTURE, plotPauses(results));
  writePart(DOCUMENT, 'Last full run of `npm run bench:pause`', text());
}

function conclude(results, { check }) {
  const sections = results.flatMap((result) => result.sections);
  const broken = results.flatMap((result) => result.broken);
  const { passed, missed, notMeasured } = report.count(sections);
  const seconds = sections.reduce((sum, section) => sum + section.seconds, 0);
  console.log(`\n${passed} bars passed, ${missed} missed, ${notMeasured} not measured, in ${seconds} s`);
  for (const line of broken) console.log(`broken: ${line}`);
  return broken.length > 0 || (check && missed + notMeasured > 0) ? 1 : 0;
}

async function main() {
  const options = parseArguments(process.argv.slice(2), PAUSE);
  if (options.help) return console.log(PAUSE.usage);
  const { quick, heaps, only, node } = options;
  if (node && node.length > 1 && !quick && !heaps && !only) options.results = true;
  if (!fs.existsSync('/proc/self/smaps_rollup')) throw new Error('The benchmark reads memory and CPU time from /proc and needs Linux.');
  const results = await measure(options);
  write(options, results);
  process.exitCode = conclude(results, options);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
