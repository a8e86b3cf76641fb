'use strict';

/**
 * Forked snapshots one after the other, in a service under load that allocates all the while. Ten of them are a test; 200
 * on each Node version are `npm run test:soak:fork`.
 */

const { runService } = require('./service');
const { file: outcomes } = require('./outcome');

async function scenario({ profiler, input, report, processes, leftovers }) {
  const fs = require('node:fs');
  const { countsOfFile } = require(input.outcomes);
  const path = 'soak.heapsnapshot';
  // Some of it lives long enough to be moved, and everything goes at last.
  let churn = [];
  const timer = setInterval(() => {
    churn.push(Array.from({ length: 1000 }, (_, at) => ({ at, text: `text ${at} ${churn.length}` })));
    if (churn.length > 30) churn = churn.slice(15);
  }, 5);
  const measure = () => {
    churn = [];
    global.gc();
    return {
      descriptors: processes.leftOpen().length,
      threads: fs.readdirSync('/proc/self/task').length,
      mappings: processes.read('/proc/self/maps').split('\n').length,
      keptMiB: Math.round(processes.keptMiB()),
      rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
      children: leftovers().children.length,
    };
  };
  const totals = { valid: 0, forked: 0, retried: 0, longestPauseMs: 0 };
  for (let round = 1; round <= input.rounds; round += 1) {
    const { isolation, attempts, pauseMs } = await profiler.writeHeapSnapshot(path);
    totals.valid += countsOfFile(path).whole ? 1 : 0;
    totals.forked += isolation === 'fork' ? 1 : 0;
    totals.retried += attempts > 1 ? 1 : 0;
    totals.longestPauseMs = Math.max(totals.longestPauseMs, pauseMs);
    fs.unlinkSync(path);
    report({ round, ...measure() });
  }
  clearInterval(timer);
  return { totals, partial: leftovers().partial };
}

/**
 * Takes `rounds` snapshots in a service.
 * @returns {Promise<object>} `totals` of the snapshots; `early` and `late`, the least that the process holds in the second and
 *   the last quarter; what the clients missed (`faults`), and how the service ended
 */
async function soak(rounds) {
  const input = { rounds, outcomes };
  const { code, signal, stderr, result, reports, faults, answered } = await runService(scenario, { input, nodeArgs: ['--expose-gc'] });
  const measures = reports.filter((value) => value && value.round);
  const quarter = Math.max(3, Math.floor(rounds / 4));
  const over = (part) => Object.fromEntries(Object.keys(part[0] || {}).filter((key) => key !== 'round')
    .map((key) => [key, Math.min(...part.map((one) => one[key]))]));
  const [early, late] = [measures.slice(quarter, 2 * quarter), measures.slice(-quarter)].map(over);
  return { ...result, early, late, faults, answered, code, signal, stderr };
}

/** What `late` may have more than `early`: V8 grows its heap and gives it back as it likes. */
const ALLOWED = { descriptors: 0, threads: 0, mappings: 150, rssMiB: 40, children: 0 };

/** What is wrong with a soak, as texts; none if nothing is. */
function wrongWith({ totals, partial, early, late, faults, code, stderr }, rounds) {
  const wrong = [];
  if (!totals) return [`the service ended with ${code}: ${stderr}`];
  if (totals.valid !== rounds) wrong.push(`${rounds - totals.valid} snapshots are not whole`);
  if (totals.forked !== rounds) wrong.push(`${rounds - totals.forked} snapshots were not taken by a child`);
  if (code !== 0 || stderr) wrong.push(`the service ended with ${code}: ${stderr}`);
  if (partial.length || faults.length) wrong.push(`left: ${partial}; missed by clients: ${faults}`);
  for (const [what, more] of Object.entries(ALLOWED)) {
    if (late[what] > early[what] + more) wrong.push(`${what}: ${early[what]}, later ${late[what]}`);
  }
  return wrong;
}

module.exports = { soak, wrongWith };
