'use strict';

/**
 * `npm run test:soak:fork [-- snapshots]`: forked snapshots, 200 unless told otherwise, on each Node of the matrix, one after the
 * other, in a service under load that allocates all the while. `--only=20,22` chooses majors. It fails when one is not valid,
 * was not forked, or when descriptors, threads, mappings or memory grow, and leaves the figures of a full run with date and commit in
 * `benchmark/soak-fork-last.md`. It is not part of CI, which does 10.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { MATRIX, binaryFor } = require('./node-dist');
const { ROOT, main, replaceFile, run } = require('./run');

const REPORT = path.join(ROOT, 'benchmark', 'soak-fork-last.md');
const COLUMNS = ['Node', 'whole', 'forked', 'second tries', 'longest `pauseMs`', 'requests answered', 'seconds', 'left over'];

const row = (cells) => `| ${cells.join(' | ')} |`;

/** What is left over: what the process holds more at the end. */
const grown = (early, late) => Object.keys(late).map((what) => `${what} ${late[what] - early[what]}`).join(', ');

async function one(rounds, rows) {
  const { soak, wrongWith } = require('../__test__/helpers/fork-soak');
  const start = Date.now();
  const found = await soak(rounds);
  const wrong = wrongWith(found, rounds);
  const { totals, early, late, answered } = found;
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`Node ${process.version}, ${seconds} s, ${answered} requests answered`, { totals, early, late });
  const { valid, forked, retried, longestPauseMs } = totals ?? {};
  const pause = longestPauseMs?.toFixed(1);
  fs.appendFileSync(rows, `${row([process.version, valid, forked, retried, pause, answered, seconds, early ? grown(early, late) : ''])}\n`);
  for (const text of wrong) console.log(`  wrong: ${text}`);
  if (wrong.length) process.exitCode = 1;
}

function report(rounds, rows) {
  const date = new Date().toISOString().slice(0, 10);
  const commit = run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).trim();
  const head = `${date}, commit ${commit}, ${os.cpus().length} cores: ${rounds} forked snapshots on each Node, in a service that answers\n`
    + 'requests and allocates all the while (`npm run test:soak:fork`). "Left over" is what the process holds more in the last quarter\n'
    + 'than in the second.';
  const table = [row(COLUMNS), row(COLUMNS.map(() => '---')), rows.trim()].join('\n');
  replaceFile(REPORT, `# Last soak run of forked snapshots\n\n${head}\n\n${table}\n`);
}

function all(rounds, majors) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-soak-'));
  const rows = path.join(folder, 'rows');
  try {
    require('./setup').setup({ allAbis: true });
    for (const { major } of MATRIX) {
      if (majors && !majors.includes(major)) continue;
      const { node } = binaryFor(major);
      const { status } = spawnSync(node, [__filename, '--here', String(rounds), rows], { stdio: 'inherit' });
      if (status !== 0) process.exitCode = 1;
    }
    if (!majors) report(rounds, fs.readFileSync(rows, 'utf8'));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const rounds = Number(args.find((arg) => /^\d+$/.test(arg)) || 200);
if (args[0] === '--here') {
  one(rounds, args[2]);
} else {
  const only = args.find((arg) => arg.startsWith('--only='));
  main(() => all(rounds, only && only.slice('--only='.length).split(',').map(Number)));
}
