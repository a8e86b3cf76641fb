'use strict';

/** Forked snapshots one after the other in a service under load, and kills of their children: `npm run test:soak -- fork`. */

const { performance } = require('node:perf_hooks');
const { run } = require('./child');
const { askAllTheWhile } = require('./clients');

/** What the service may hold more at the end. V8 gives memory back as it likes, and keeps it in pieces. */
const ALLOWED = { descriptors: 0, threads: 0, mappings: 150, children: 0 };

/** The service. Reports as it goes on, so that it is not taken for hung, and the figures at last. */
async function service({ profiler, input, report, leftovers, outcome, processes }) {
  const fs = require('node:fs');
  const kept = Array.from({ length: 5000 }, (_, at) => ({ at, text: `some text ${at}` }));
  // Some of it lives long enough to be moved, and everything goes at last.
  let churn = [];
  const timer = setInterval(() => {
    churn.push(Array.from({ length: 500 }, (_, at) => ({ at, text: `text ${at} ${churn.length}` })));
    if (churn.length > 20) churn = churn.slice(10);
  }, 5);
  const measure = () => {
    churn = [];
    global.gc();
    return {
      descriptors: processes.leftOpen().length,
      threads: fs.readdirSync('/proc/self/task').length,
      mappings: fs.readFileSync('/proc/self/maps', 'utf8').split('\n').length,
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      children: leftovers().children.length,
    };
  };
  const count = (counts, what) => (counts[what] = (counts[what] ?? 0) + 1);
  /** One snapshot: what it came to, and whether its file agrees with it. */
  const snapshot = async (options) => {
    const result = await profiler.writeHeapSnapshot('a.heapsnapshot', options);
    const { nodes, edges, whole } = outcome.countsOfFile('a.heapsnapshot');
    fs.unlinkSync('a.heapsnapshot');
    return { ...result, whole: whole && nodes === result.nodes && edges === result.edges };
  };

  const faults = [];
  let early;
  let life = 0;
  const stops = [];
  const forks = { count: 0, whole: 0, forked: 0, attempts: {} };
  for (; forks.count < input.forks; forks.count += 1) {
    const { isolation, attempts, pauseMs, durationMs, whole } = await snapshot({ isolation: 'fork' });
    count(forks.attempts, attempts);
    forks.forked += isolation === 'fork';
    forks.whole += whole;
    stops.push(pauseMs);
    life = Math.max(durationMs, life * 0.9);
    if (forks.count >= Math.min(20, input.forks / 4)) early ??= measure();
    report(forks.count);
  }
  const kills = { count: 0, whole: 0, phases: {}, by: {} };
  // A child that was done is not killed; then the next one is, a little earlier.
  for (let tries = 0; kills.count < input.kills && tries < input.kills * 4; tries += 1) {
    let settled = false;
    let phase = 'start';
    const onProgress = (call) => (phase = call.phase);
    const capture = snapshot({ isolation: 'auto', onProgress });
    capture.finally(() => (settled = true)).catch(() => {});
    const child = await processes.nextChild(new Set(), () => settled);
    const point = ((tries * 5 + input.turn) % 100) / 100;
    await new Promise((resolve) => setTimeout(resolve, point * life));
    const killed = !settled && child && processes.signal(child, 'SIGKILL') && phase;
    const { whole, isolation, attempts } = await capture;
    if (killed && !(isolation === 'fork' && attempts === 1)) {
      kills.count += 1;
      kills.whole += whole;
      count(kills.phases, killed);
      count(kills.by, isolation === 'fork' ? 'another child' : 'the process');
    } else if (!whole) {
      faults.push('a snapshot that no kill met is not whole');
    }
    const left = Object.values(leftovers()).flat();
    if (left.length > 0) faults.push(`left after a kill: ${JSON.stringify(left)}`);
    report(tries);
  }
  clearInterval(timer);
  stops.sort((a, b) => a - b);
  const at = (share) => stops[Math.min(stops.length - 1, Math.floor(stops.length * share))].toFixed(1);
  forks.stops = [0.5, 0.99, 1].map(at).join(' / ');
  return { forks, kills, faults, early, late: measure(), names: fs.readdirSync('.'), kept: kept.length };
}

/** What is wrong, as texts; none if nothing is. */
function wrongWith({ forks, kills, early, late, faults, names, lost }, wanted) {
  const wrong = [...faults, ...lost];
  if (forks.whole !== wanted.forks || forks.forked !== wanted.forks) wrong.push(`${forks.whole} whole, ${forks.forked} forked`);
  if (kills.count !== wanted.kills || kills.whole !== wanted.kills) wrong.push(`${kills.count} killed, ${kills.whole} of them whole`);
  if (names.length > 0) wrong.push(`files left: ${names}`);
  for (const [what, more] of Object.entries(ALLOWED)) {
    if (late[what] > early[what] + more) wrong.push(`${what}: ${early[what]}, later ${late[what]}`);
  }
  if (late.rssMiB > early.rssMiB * 2) wrong.push(`RSS: ${early.rssMiB} MiB, later ${late.rssMiB}`);
  return wrong;
}

/**
 * Runs the soak on this Node. Resolves with its figures, and `wrong`, what is wrong with them.
 * @param {number} options.turn 0 to 4: at which point of each twentieth of its life a child is killed
 */
async function soak({ forks, kills, turn }) {
  const begin = performance.now();
  const { result, faults: lost, latencies } = await askAllTheWhile(run, service, {
    input: { forks, kills, turn }, nodeArgs: ['--expose-gc'],
  });
  const { code, signal, stdout, stderr, report } = result;
  const said = { node: process.version, answered: latencies.length, seconds: Math.round((performance.now() - begin) / 1000) };
  if (code !== 0 || stdout || stderr) return { ...said, wrong: [`the service ended with ${code ?? signal}: ${stdout}${stderr}`, ...lost] };
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)].toFixed(1);
  return { ...said, ...report, lost, latencies: { p99 }, wrong: wrongWith({ ...report, lost }, { forks, kills }) };
}

module.exports = { soak };
