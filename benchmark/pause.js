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
const { buildShims } = require('../scripts/build-shims');
const { MATRIX, binaryFor } = require('../scripts/node-dist');
const { PAUSE, parseArguments } = require('./lib/arguments');
const { prepareBareFork } = require('./lib/bare-fork');
const { hugePages, setHugePages } = require('./lib/huge-pages');
const { loadModules } = require('./lib/modules');
const { PAUSE_FORMS } = require('./lib/pause-forms');
const report = require('./lib/report');
const { writeResults } = require('./lib/pause-results');
const { Rounds } = require('./lib/rounds');
const { KINDS, run } = require('./sections/pause');

function known(what, given, names) {
  const unknown = (given || []).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no ${what} ${unknown.join(', ')}; there are ${names.join(', ')}`);
}

/** Measures on the running Node. */
async function measureHere(options) {
  const refusal = options.thp ? setHugePages('always') : undefined;
  const modules = { ...loadModules(), 'bare-fork': prepareBareFork() };
  const rounds = new Rounds(modules);
  const environment = { ...report.environment(modules), hugePages: hugePages() };
  const result = { environment, options, notes: [], sections: [], broken: [] };
  result.notes.push(`Transparent huge pages: ${environment.hugePages}.${refusal ? ` ${refusal}.` : ''}`);
  console.log(`\n${report.headline(environment)}\n${result.notes.join('\n')}`);
  const { available, reason } = modules['rs-profiler'];
  const unusable = available ? [] : [`rs-profiler: ${reason}`];
  try {
    for (const megabytes of options.megabytes || (options.quick ? [5] : [20, 100, 300, 1000])) {
      const begin = Date.now();
      const section = await run({ ...options, rounds, megabytes });
      section.seconds = Math.round((Date.now() - begin) / 1000);
      result.sections.push(section);
      console.log(report.sectionText(section));
      result.broken = [...unusable, ...rounds.broken];
      write(options, [result]);
    }
  } finally {
    rounds.close();
  }
  return result;
}

/** Measures on another Node, in a process of it. */
function measureOn(major, options, folder) {
  const entry = MATRIX.find((each) => each.major === major);
  if (!entry) throw new Error(`no Node ${major}; there are ${MATRIX.map((each) => each.major).join(', ')}`);
  buildShims([entry.abi]);
  const json = path.join(folder, `${major}.json`);
  const argv = [__filename, '--json', json];
  for (const name of ['runs', 'megabytes', 'only', 'tools']) if (options[name] !== undefined) argv.push(`--${name}`, String(options[name]));
  for (const name of ['quick', 'thp']) if (options[name]) argv.push(`--${name}`);
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

function write({ json, results: kept }, results) {
  if (json) fs.writeFileSync(json, `${JSON.stringify({ results }, null, 2)}\n`);
  if (kept) writeResults(results);
}

async function main() {
  const options = parseArguments(process.argv.slice(2), PAUSE);
  if (options.help) return console.log(PAUSE.usage);
  known('measurement', options.only, KINDS);
  known('tool', options.tools, Object.keys(PAUSE_FORMS));
  if (!fs.existsSync('/proc/self/smaps_rollup')) throw new Error('The benchmark reads memory and CPU time from /proc and needs Linux.');
  const results = await measure(options);
  write(options, results);
  process.exitCode = report.conclude(results, options);
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
