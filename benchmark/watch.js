'use strict';

/**
 * What a watch costs while nothing happens: `node benchmark/watch.js [--rounds 9] [--seconds 4]`. Runs in alternation, each in a
 * process of its own: one that is idle, and one whose event loop is busy in short turns, both with and without
 * `watch({ eventLoopDelayMs: 1000, heapUsedRatio, rssBytes, cgroupRatio, cpuRatio, growth })`, all with their defaults and none
 * reached. Prints medians: CPU milliseconds per second of the idle process, and CPU time of the same busy work as a ratio.
 */

const { execFileSync } = require('child_process');
const path = require('path');

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};

/** The measured process: prints CPU milliseconds. */
function measured([work, watched, seconds]) {
  const profiler = require('..');
  if (watched === 'on') {
    const conditions = { eventLoopDelayMs: 1000, heapUsedRatio: 1, rssBytes: 2 ** 45, cgroupRatio: 1, cpuRatio: 1000, growth: true };
    profiler.watch(conditions, () => {});
  }
  const begin = process.cpuUsage();
  const done = () => {
    const { user, system } = process.cpuUsage(begin);
    process.stdout.write(String((user + system) / 1e3));
    process.exit();
  };
  if (work === 'idle') {
    setTimeout(done, seconds * 1000);
    return;
  }
  // A fixed amount of turns, each with some garbage.
  let left = seconds * 2000;
  const turn = () => {
    const rows = [];
    for (let at = 0; at < 3000; at += 1) rows.push({ at, text: `row ${at}` });
    left -= 1;
    if (left > 0) setImmediate(turn);
    else done();
  };
  turn();
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function main() {
  const [rounds, seconds] = [argument('rounds', 9), argument('seconds', 4)];
  const run = (work, watched) => Number(execFileSync(process.execPath, [path.resolve(__filename), '--measured', work, watched, String(seconds)]));
  for (const work of ['idle', 'busy']) {
    const times = { off: [], on: [] };
    for (let round = 0; round < rounds; round += 1) for (const watched of ['off', 'on']) times[watched].push(run(work, watched));
    const [off, on] = [median(times.off), median(times.on)];
    if (work === 'idle') console.log(`idle: ${(off / seconds).toFixed(2)} ms of CPU per second without a watch, ${(on / seconds).toFixed(2)} with one`);
    else console.log(`busy: ${off.toFixed(0)} ms of CPU without a watch, ${on.toFixed(0)} with one: ${(on / off).toFixed(3)}`);
  }
}

if (process.argv[2] === '--measured') measured(process.argv.slice(3));
else main();
