'use strict';

/**
 * The main job from start to end: run the service, load it, take its CPU profile and both heap snapshots, the second of them in
 * a forked child too, check the files and say how to look at them.
 */

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { ServiceProcess } = require('./demo/service-process');
const { load, ROUTES } = require('./demo/load');
const { progressBar } = require('./demo/progress');
const { readComplete } = require('./demo/read-complete');
const { checkCpuProfile } = require('./demo/check-cpu-profile');
const { checkHeapSnapshot } = require('./demo/check-heap-snapshot');
const { toDevToolsProfile } = require('./demo/devtools-profile');

const CPU_PROFILE = 'profiler.cpuprofile';
const SNAPSHOTS = ['snapshot1.heapsnapshot', 'snapshot2.heapsnapshot'];
const SECOND_AGAIN = ['snapshot2-forked.heapsnapshot', 'snapshot2-inline.heapsnapshot'];
const DEVTOOLS_PROFILE = 'devtools.cpuprofile';
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
  for (const name of [CPU_PROFILE, DEVTOOLS_PROFILE, ...SNAPSHOTS, ...SECOND_AGAIN]) fs.rmSync(path.join(output, name), { force: true });
}

function printLoad(result) {
  print(`  throughput (QPS)    ${result.perSecond.toFixed(1)} requests/s, ${count(result.answered)} answered`);
  print(`  mean response time  ${result.meanMs.toFixed(2)} ms`);
  print(`  p99 response time   ${result.p99Ms} ms: 99 of 100 requests were answered faster`);
  const product = (result.perSecond * result.meanMs) / 1000;
  print(`  concurrency         ${result.connections} requests under way at once (throughput x mean response time = ${product.toFixed(1)})`);
}

/** How long the service answered nobody because of a snapshot: by a forked child, and in the process. */
function printStops(forked, inline) {
  const width = Math.max(...[forked, inline].map(({ longestStopMs }) => count(longestStopMs).length));
  const stop = ({ longestStopMs }) => `${count(longestStopMs).padStart(width)} ms`;
  print('The same heap snapshot, taken in two ways: the longest time for which the service answered nobody');
  print(forked.isolation === 'fork'
    ? `  in a forked child   ${stop(forked)}, while the load ran (writeHeapSnapshot)`
    : `  in a forked child   not here, so it stopped the service for ${stop(forked).trim()}: ${forked.reason}`);
  print(`  in the process      ${stop(inline)}, as takeSnapshot, v8.writeHeapSnapshot and other packages do`);
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
  printFile(cpuFile, cpu.bytes, `valid: V8 looked ${count(samples)} times what was running, and found ${count(nodes)} different calls; ` +
    `${(share * 100).toFixed(1)} % of the running time is ${HOT_FUNCTION}, the slow part`);
  const devtoolsText = JSON.stringify(toDevToolsProfile(cpu.value));
  fs.writeFileSync(path.join(output, DEVTOOLS_PROFILE), devtoolsText);
  printFile(path.join(output, DEVTOOLS_PROFILE), Buffer.byteLength(devtoolsText),
    'the same profile in the form that the Performance panel of Chrome opens');

  const modules = [];
  for (const name of [...SNAPSHOTS, ...SECOND_AGAIN]) {
    const file = path.join(output, name);
    const { bytes, value } = await readComplete(file, STEP_MS, signal);
    const facts = checkHeapSnapshot(value, LEAKED_FILE);
    printFile(file, bytes, `valid: ${count(facts.nodes)} objects with ${count(facts.edges)} references, ${mib(facts.selfBytes)} of heap`);
    modules.push(facts.modules);
  }
  const [before, after] = modules;
  print(`  The leak: Module objects of ${LEAKED_FILE}: ${count(before)} in the first snapshot, ${count(after)} in the second`);
  if (after <= before) throw new Error(`the leak of ${LEAKED_FILE} does not show in the snapshots`);
}

function printHowTo(output) {
  print(`
How to look at them: open DevTools in Chrome (F12); the files are in ${output}
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
    const loading = load(service, { seconds, connections, onProgress });
    const forking = sleep(seconds * 500, undefined, { signal: over.signal }).then(() => service.get('/snapshot/fork', STEP_MS));
    const [result, forked] = await Promise.all([loading, forking]);
    printLoad(result);
    if (result.failed > 0 || result.answered === 0) {
      throw new Error(`${count(result.failed)} requests failed, ${count(result.answered)} were answered`);
    }
    printStops(forked, await service.get('/snapshot/inline', STEP_MS));
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
