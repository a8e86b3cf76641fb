'use strict';

/**
 * `npm run test:soak:jest [-- runs]`: the matcher `toLeak` under Jest, 200 times, unless told otherwise, on each of ten functions that leave
 * nothing behind, and a tenth as often on each of ten that leak. It fails on one false alarm or miss, and leaves the figures of a
 * full run with date and commit in `benchmark/soak-jest-last.md`. The functions stand in `__test__/helpers/jest-functions.js`.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { ROOT, main, replaceFile, run } = require('./run');

const REPORT = path.join(ROOT, 'benchmark', 'soak-jest-last.md');
const FULL = 200;
const CONFIG = { rootDir: ROOT, testEnvironment: 'node', transform: {}, testMatch: ['<rootDir>/__test__/helpers/jest-soak/*.soak.js'],
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/native/'], maxWorkers: 2 };

const row = (cells) => `| ${cells.join(' | ')} |`;

function report(rows, runs, seconds) {
  const date = new Date().toISOString().slice(0, 10);
  const commit = run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).trim();
  const head = `${date}, commit ${commit}, Node ${process.versions.node}, ${os.cpus().length} cores, ${seconds} s: \`expect(fn).not.toLeak()\` with its\n`
    + `defaults under Jest, two workers, ${runs} runs each of functions that leave nothing behind (\`npm run test:soak:jest\`). "Wrong" is\n`
    + 'a false alarm, or a leak that was missed or not named. Of a leaking function one run goes on to the message.';
  const table = [row(['function', 'leaks', 'runs', 'wrong', 'ms per verdict']), row(['---', '---', '---', '---', '---']),
    ...rows.map(({ kind, name, runs: of, wrong, ms }) => row([name, kind === 'leaking' ? 'yes' : 'no', of, wrong, Math.round(ms)]))];
  replaceFile(REPORT, `# Last soak run of the Jest matcher\n\n${head}\n\n${table.join('\n')}\n`);
}

main(() => {
  const runs = Number(process.argv.slice(2).find((arg) => /^\d+$/.test(arg)) || FULL);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-soak-jest-'));
  const results = path.join(folder, 'results');
  fs.writeFileSync(results, '');
  try {
    const start = Date.now();
    const env = { ...process.env, RS_PROFILER_JEST_SOAK: JSON.stringify({ runs, leakRuns: Math.max(1, Math.round(runs / 10)), results }) };
    const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status } = spawnSync(process.execPath, [jest, '--config', JSON.stringify(CONFIG)], { cwd: ROOT, env, stdio: 'inherit' });
    const rows = fs.readFileSync(results, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
    for (const { name, texts } of rows) for (const text of texts) console.log(`${name}: ${text}`);
    if (status !== 0 || rows.some(({ wrong }) => wrong > 0)) process.exitCode = 1;
    if (runs >= FULL) report(rows, runs, Math.round((Date.now() - start) / 1000));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
