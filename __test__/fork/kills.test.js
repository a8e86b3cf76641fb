'use strict';

/**
 * The forked child is killed from outside, at points spread over all it does: the service tries again, then does it itself or
 * says why not, and nothing is left behind.
 */

const { runUnharmed } = require('../helpers/service');
const { file: outcomes } = require('../helpers/outcome');

// Only ends a test that hangs.
jest.setTimeout(600_000);

const KILLS = 25;

/** Captures that lose one child or both, until there were enough kills. */
async function scenario({ profiler, input, processes, leftovers, report, sleep }) {
  const fs = require('node:fs');
  const { outcomeOf, countsOfFile } = require(input.outcomes);
  const PHASES = ['start', 'walk', 'write'];
  const phases = { start: 0, walk: 0, write: 0 };
  const seen = { retried: 0, inline: 0, rejected: 0, unharmed: 0 };
  const faults = [];
  const known = new Set();
  let kills = 0;

  /** Starts a capture; `times` says when each phase was first heard of. */
  const begin = (path, isolation) => {
    const capture = { settled: false, phase: 'start', times: { start: Date.now() } };
    const onProgress = ({ phase }) => {
      if (capture.phase !== phase) capture.times[phase] = Date.now();
      capture.phase = phase;
    };
    capture.promise = outcomeOf(profiler.writeHeapSnapshot(path, { isolation, onProgress })).finally(() => {
      capture.settled = true;
    });
    return capture;
  };

  // How long each phase takes here and now; a guess: a kill that comes too late makes it shorter, one in time longer.
  const measured = begin('measured.heapsnapshot', 'fork');
  await measured.promise;
  const { start, walk, write } = measured.times;
  const usual = { start: (walk - start) / 2, walk: write - walk, write: Date.now() - write };
  fs.unlinkSync('measured.heapsnapshot');
  const before = processes.leftOpen();

  /** Kills the next child somewhere in a phase; tells in which it was. */
  const killNext = async (capture, phase) => {
    capture.phase = 'start';
    const pid = await processes.nextChild(known, () => capture.settled);
    while (capture.phase !== phase && !capture.settled) await sleep(1);
    const until = Date.now() + Math.random() * usual[phase];
    while (Date.now() < until && !capture.settled) await sleep(1);
    if (pid === undefined) return;
    if (processes.signal(pid, 'SIGKILL')) {
      kills += 1;
      phases[capture.phase] += 1;
      usual[phase] *= 1.1;
    } else {
      usual[phase] /= 2;
    }
  };

  for (let round = 0; kills < input.kills; round += 1) {
    const isolation = round % 4 === 0 ? 'auto' : 'fork';
    const path = `killed-${round}.heapsnapshot`;
    const capture = begin(path, isolation);
    await killNext(capture, PHASES[round % 3]);
    // Every sixth capture keeps its second child.
    if (round % 6 !== 0) await killNext(capture, PHASES[Math.floor(round / 3) % 3]);
    const { value, error } = await capture.promise;
    if (value) {
      if (value.isolation === 'inline') seen.inline += 1;
      else if (value.attempts === 2) seen.retried += 1;
      else seen.unharmed += 1;
      if (!countsOfFile(path).whole) faults.push(`${path} is not whole`);
      if (value.isolation === 'inline' && !/attempt 2: the child was ended by signal 9 \(phase/.test(value.isolationReason)) {
        faults.push(value.isolationReason);
      }
      fs.unlinkSync(path);
    } else {
      seen.rejected += 1;
      if (isolation !== 'fork' || error.code !== 'ERR_RS_PROFILER_FORK_FAILED') faults.push(error);
      if (!/attempt 2: the child was ended by signal 9 \(phase/.test(error.message)) faults.push(error.message);
      if (fs.existsSync(path)) faults.push(`${path} is there after a failure`);
    }
    report({ round, kills });
    const { children, partial } = leftovers();
    if (children.length || partial.length) faults.push({ round, children, partial });
  }
  return { kills, phases, seen, faults, before, after: processes.leftOpen() };
}

const sum = { kills: 0, start: 0, walk: 0, write: 0, retried: 0, inline: 0, rejected: 0 };

test.each([1, 2, 3, 4])('25 kills harm no service (%i of 4)', async () => {
  const { kills, phases, seen, faults, before, after } = await runUnharmed(scenario, { input: { outcomes, kills: KILLS } });
  expect(faults).toEqual([]);
  expect(after).toEqual(before);
  for (const [key, count] of Object.entries({ kills, ...phases, ...seen })) if (key in sum) sum[key] += count;
});

test('the kills were spread over all phases, and led to every outcome', () => {
  process.stdout.write(`    kills by phase and what became of the captures: ${JSON.stringify(sum)}\n`);
  expect(sum.kills).toBeGreaterThanOrEqual(4 * KILLS);
  for (const [what, count] of Object.entries(sum)) expect({ what, some: count > 0 }).toEqual({ what, some: true });
});
