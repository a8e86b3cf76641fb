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

const CPU_PROFILE = 'profiler.cpuprofile';
const DEVTOOLS_PROFILE = 'devtools.cpuprofile';
/** The heap snapshots, and when and how each is taken. The first two are compared. */
const SNAPSHOTS = {
  'snapshot1.heapsnapshot': 'before the load',
  'snapshot2.heapsnapshot': 'after it',
  'snapshot2-forked.heapsnapshot': 'amid it, in a forked child',
  'snapshot2-inline.heapsnapshot': 'after it, in the process',
};
const FILES = [CPU_PROFILE, DEVTOOLS_PROFILE, ...Object.keys(SNAPSHOTS)];
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
  for (const name of FILES) fs.rmSync(path.join(output, name), { force: true });
}

function printLoad(result) {
  print('What the load measured');
  print(`  throughput (QPS)    ${result.perSecond.toFixed(1)} requests/s, ${count(result.answered)} answered in all`);
  print(`  mean response time  ${result.meanMs.toFixed(2)} ms`);
  print(`  p99 response time   ${result.p99Ms} ms: 99 of 100 requests were answered within it`);
  print(`  concurrency         ${result.connections} requests under way at once`);
}

/** How long the service answered nobody because of a snapshot: by a forked child, and in the process. */
function printStops(forked, inline) {
  const width = Math.max(...[forked, inline].map(({ longestStopMs }) => count(longestStopMs).length));
  const stop = ({ longestStopMs }) => `${count(longestStopMs).padStart(width)} ms`;
  print('How long a heap snapshot keeps the service from answering anybody');
  print(forked.isolation === 'fork'
    ? `  in a forked child   ${stop(forked)}: writeHeapSnapshot of rs-profiler, here amid the load`
    : `  in a forked child   not possible here, so it was ${stop(forked).trim()}: ${forked.reason}`);
  print(`  in the process      ${stop(inline)}: takeSnapshot of v8-profiler, heapdump and Node's v8.writeHeapSnapshot do it so`);
}

function printFile(name, bytes, what) {
  const width = Math.max(...FILES.map((each) => each.length));
  print(`  ${name.padEnd(width)}  ${mib(bytes).padStart(9)}  ${what}`);
}

async function checkFiles(output, signal) {
  const read = (name) => readComplete(path.join(output, name), STEP_MS, signal);
  print(`The files, in ${output}: each was read again and is complete`);
  const cpu = await read(CPU_PROFILE);
  const { samples, share } = checkCpuProfile(cpu.value, HOT_FUNCTION);
  printFile(CPU_PROFILE, cpu.bytes, `the CPU profile as v8-profiler wrote it: ${count(samples)} times it was noted what ran`);
  const devtools = await read(DEVTOOLS_PROFILE);
  checkCpuProfile(devtools.value, HOT_FUNCTION);
  printFile(DEVTOOLS_PROFILE, devtools.bytes, 'the same profile as Chrome DevTools and VS Code open it');

  const modules = [];
  for (const [name, when] of Object.entries(SNAPSHOTS)) {
    const { bytes, value } = await read(name);
    const facts = checkHeapSnapshot(value, LEAKED_FILE);
    printFile(name, bytes, `the heap ${when}: ${count(facts.nodes)} objects, ${mib(facts.selfBytes)}`);
    modules.push(facts.modules);
  }
  const [before, after] = modules;
  print('What they show');
  print(`  the slow function   ${HOT_FUNCTION}: ${(share * 100).toFixed(1)} % of the time in which JavaScript ran`);
  print(`  the leak            copies of ${LEAKED_FILE}: ${count(before)} in the first snapshot, ${count(after)} in the second`);
  if (after <= before) throw new Error(`the leak of ${LEAKED_FILE} does not show in the snapshots`);
}

function printHowTo() {
  const [first, second] = Object.keys(SNAPSHOTS);
  print(`
See it for yourself: open Chrome, press F12
  the slow function   Performance panel > Load profile... (arrow in the toolbar; newer versions: Load trace...) >
                      ${DEVTOOLS_PROFILE} > 'Bottom-up' tab: ${HOT_FUNCTION} is near the top.
  the leak            Memory panel > Load profile... (arrow in the toolbar), for ${first} and for
                      ${second}. With the second one selected, change 'Summary' above the table to
                      'Comparison' and sort by '# Delta'. Open 'Module' and select one of them: 'Retainers' below
                      shows what holds them all, the 'children' of routes/duration.js.
The code of both is in examples/koa/routes.`);
}

async function run({ seconds, connections, output }) {
  prepare(output);
  const service = new ServiceProcess(output);
  const over = new AbortController();
  try {
    await service.ready(STEP_MS);
    print(`A Koa service with a leak and a slow function runs on ${service.url} (process ${service.pid}).`);
    print(`It has taken a first heap snapshot, records a CPU profile, and now gets requests for ${seconds} s.`);
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
    print('The service answered afterwards as before, and ended with exit code 0.');
  } finally {
    over.abort();
    await service.kill();
  }
  printHowTo();
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
