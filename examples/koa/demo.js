'use strict';

/**
 * The main job from start to end: run the service, load it, take its CPU profile and both heap snapshots, check the
 * files and say how to look at them.
 */

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { ServiceProcess } = require('./demo/service-process');
const { load, ROUTES } = require('./demo/load');
const { progressBar } = require('./demo/progress');
const { readComplete } = require('./demo/read-complete');
const { checkCpuProfile } = require('./demo/check-cpu-profile');
const { checkHeapSnapshot } = require('./demo/check-heap-snapshot');
const { toDevToolsProfile } = require('./demo/devtools-profile');
const { hotFunctions, hotLine, leaks, suspectLines } = require('./demo/findings');
const { writeReport } = require('../..');

const CPU_PROFILE = 'profiler.cpuprofile';
const SNAPSHOTS = ['snapshot1.heapsnapshot', 'snapshot2.heapsnapshot'];
const DEVTOOLS_PROFILE = 'devtools.cpuprofile';
const REPORT = 'report.html';
const HOT_FUNCTION = 'hotChecksum';
const LEAKED_FILE = path.join('configuration', 'app.json');
/** A safety net for each step, far above what any of them needs. */
const STEP_MS = 180000;

const USAGE = `Usage: npm run demo -- [options]

Runs a Koa service that profiles itself, loads it, and checks the files that it writes.

  --seconds N      how long the load lasts, 1 to 120 (default 10)
  --connections N  how many requests are under way at once, 1 to 1000 (default 10)
  --output DIR     where the files go (default demo-output in the package's folder)
  --help           this text
`;

const print = (line = '') => process.stdout.write(`${line}\n`);
const count = (number) => Math.round(number).toLocaleString('en-US');
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function wholeNumber(values, name, max) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new Error(`--${name} must be a whole number from 1 to ${max}, not '${values[name]}'`);
  }
  return number;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      connections: { type: 'string', default: '10' },
      output: { type: 'string', default: path.join(__dirname, '..', '..', 'demo-output') },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    seconds: wholeNumber(values, 'seconds', 120),
    connections: wholeNumber(values, 'connections', 1000),
    output: path.resolve(values.output),
  };
}

/** Makes the folder and takes away what an earlier run left there, nothing else. */
function prepare(output) {
  fs.mkdirSync(output, { recursive: true });
  for (const name of [CPU_PROFILE, DEVTOOLS_PROFILE, REPORT, ...SNAPSHOTS]) fs.rmSync(path.join(output, name), { force: true });
}

function printLoad(result) {
  print(`  throughput (QPS)    ${result.perSecond.toFixed(1)} requests/s, ${count(result.answered)} answered`);
  print(`  mean response time  ${result.meanMs.toFixed(2)} ms`);
  print(`  p99 response time   ${result.p99Ms} ms`);
  const product = (result.perSecond * result.meanMs) / 1000;
  print(`  concurrency         ${result.connections} (throughput x mean response time = ${product.toFixed(1)})`);
}

function printFile(file, bytes, facts) {
  print(`  ${file}`);
  print(`    ${mib(bytes)}, ${facts}`);
}

async function checkFiles(output, signal) {
  print('Files');
  const cpuFile = path.join(output, CPU_PROFILE);
  const cpu = await readComplete(cpuFile, STEP_MS, signal);
  const { nodes, samples, share } = checkCpuProfile(cpu.value, HOT_FUNCTION);
  printFile(cpuFile, cpu.bytes, `valid: ${count(nodes)} nodes, ${count(samples)} samples, each of a known node; ` +
    `${HOT_FUNCTION} has ${(share * 100).toFixed(1)} % of the samples in code`);
  const devtoolsText = JSON.stringify(toDevToolsProfile(cpu.value));
  fs.writeFileSync(path.join(output, DEVTOOLS_PROFILE), devtoolsText);
  printFile(path.join(output, DEVTOOLS_PROFILE), Buffer.byteLength(devtoolsText),
    'the same profile in the form that the Performance panel opens; it no longer reads the tree format');

  const modules = [];
  for (const name of SNAPSHOTS) {
    const file = path.join(output, name);
    const { bytes, value } = await readComplete(file, STEP_MS, signal);
    const facts = checkHeapSnapshot(value, LEAKED_FILE);
    const { nodes: heapNodes, edges, selfBytes } = facts;
    printFile(file, bytes, `valid: ${count(heapNodes)} nodes, ${count(edges)} edges, ${mib(selfBytes)} of heap`);
    modules.push(facts.modules);
  }
  const [before, after] = modules;
  print(`  Module objects of ${LEAKED_FILE}: ${count(before)} in the first snapshot, ${count(after)} in the second`);
  if (after <= before) throw new Error(`the leak of ${LEAKED_FILE} does not show in the snapshots`);
}

async function nameTheCulprits(output) {
  const file = (name) => path.join(output, name);
  const suspects = await leaks(...SNAPSHOTS.map(file));
  const hot = await hotFunctions(file(CPU_PROFILE));
  print('\nWhat is wrong (npx rs-profiler heap suspects, npx rs-profiler cpu top)');
  for (const line of suspects.flatMap(suspectLines)) print(line);
  for (const row of hot) print(hotLine(row));
  const isTheLeak = ({ container, duplicates }) => container === 'module.children' && duplicates?.text.endsWith(LEAKED_FILE);
  if (!suspects.some(isTheLeak)) throw new Error(`the analysis does not name the leak of ${LEAKED_FILE}`);
  if (!hot.some(({ functionName }) => functionName === HOT_FUNCTION)) {
    throw new Error(`the analysis does not name the hot function ${HOT_FUNCTION}`);
  }
  const report = await writeReport([...SNAPSHOTS, CPU_PROFILE].map(file), file(REPORT), { title: 'A Koa service under load' });
  print(`\nThe report of all three files (npx rs-profiler report)\n  ${report.path}\n    ${mib(report.bytes)}; open it in a browser: `
    + 'suspects, comparison, treemap, flame graph');
}

function printHowTo(output) {
  print(`
How to look at them in DevTools: open it in Chrome (F12); the files are in ${output}
  The leak       Memory panel > Load profile... (arrow in the toolbar), once for ${SNAPSHOTS[0]}, once for
                 ${SNAPSHOTS[1]}. With snapshot2 selected, change 'Summary' above the table to 'Comparison', its
                 base to snapshot1, and sort by '# Delta'. Open 'Module' and select one of them: Retainers shows
                 the 'children' array of routes/duration.js, which holds them all.
  The slow part  Performance panel > Load trace... (arrow in the toolbar; 'Load profile...' in older versions) >
                 ${DEVTOOLS_PROFILE}, then the 'Bottom-up' tab: ${HOT_FUNCTION} is near the top.
                 ${CPU_PROFILE} itself, in the tree format of v8-profiler, opens in speedscope.`);
}

async function run({ seconds, connections, output }) {
  prepare(output);
  const service = new ServiceProcess(output);
  const over = new AbortController();
  try {
    await service.ready(STEP_MS);
    print(`Service started on ${service.url} (process ${service.pid}); CPU profile running, first snapshot taken`);
    const onProgress = progressBar(process.stdout, 'Load');
    const result = await load(service, { seconds, connections, onProgress });
    printLoad(result);
    if (result.failed > 0 || result.answered === 0) {
      throw new Error(`${count(result.failed)} requests failed, ${count(result.answered)} were answered`);
    }
    await service.get('/profiler', STEP_MS);
    await service.whileAlive(checkFiles(output, over.signal));
    for (const route of ROUTES) await service.get(route, STEP_MS);
    const { code, signal } = await service.stop(STEP_MS);
    const how = signal ?? `exit code ${code}`;
    if (code !== 0) throw new Error(`the service did not end well: ${how}\n${service.output}`);
    print('  The service still answered afterwards and ended with exit code 0.');
  } finally {
    over.abort();
    await service.kill();
  }
  await nameTheCulprits(output);
  printHowTo(output);
}

async function main() {
  try {
    const options = readOptions();
    if (options.help) process.stdout.write(USAGE);
    else await run(options);
  } catch (error) {
    process.stderr.write(`The demo failed: ${error.message}\n`);
    process.exitCode = 1;
  }
}

main();
