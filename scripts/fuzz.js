'use strict';

/**
 * `npm run test:soak -- fuzz [--seconds 600] [--only heapsnapshot,pieces]`: the fuzz targets of the readers, one after the other,
 * for 10 minutes each, from a few small seeds and what earlier runs have found. It needs a C++ compiler for libFuzzer, and no
 * nightly Rust: the core has no unsafe code, so coverage is enough, without a sanitizer. A finding fails it, and its input is
 * kept in `target/fuzz/<target>`. The figures of a full run stand in `benchmark/soak-fuzz-last.md` when the working copy was
 * exactly a commit, else in `coverage/soak-fuzz-last.md`.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { table, writeReport } = require('./report');
const { ROOT, run } = require('./run');
const { untilNow } = require('./working-copy');

const CRATE = path.join(ROOT, 'crates', 'core', 'fuzz');
const TARGET = path.join(ROOT, 'target', 'fuzz');
const SEEDS = path.join(ROOT, 'crates', 'core', 'tests', 'fixtures', 'fuzz');
const FULL = 600;

/** The targets, and the seeds that each begins with. */
const TARGETS = { heapsnapshot: 'plain', compressed: 'compressed', pieces: 'plain', summary: 'plain', index: 'index' };

/** The instruments that libFuzzer reads, on stable Rust. */
const INSTRUMENTS = [
  '-Cpasses=sancov-module', '-Cllvm-args=-sanitizer-coverage-level=4', '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table', '-Cllvm-args=-sanitizer-coverage-trace-compares', '-Ccodegen-units=1', '--cfg=fuzzing',
];

/** Nothing of 64 KiB may need so much, at once or in all. */
const LIMITS = ['-max_len=65536', '-malloc_limit_mb=64', '-rss_limit_mb=512', '-timeout=20'];

function build() {
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET, RUSTFLAGS: INSTRUMENTS.join(' ') };
  // With the host named, build scripts are built without the instruments.
  const [, host] = /host: (\S+)/.exec(run('rustc', ['-vV']));
  run('cargo', ['build', '--release', '--locked', '--target', host], { cwd: CRATE, env, stdio: 'inherit' });
  return path.join(TARGET, host, 'release');
}

/** What libFuzzer's last lines say. */
function figuresOf(said) {
  const last = (pattern) => Number([...said.matchAll(pattern)].pop()?.[1]);
  return {
    executions: last(/^stat::number_of_executed_units:\s*(\d+)/gm),
    edges: last(/\bcov: (\d+)/g),
    features: last(/\bft: (\d+)/g),
    corpus: last(/\bcorp: (\d+)/g),
    mebibytes: last(/^stat::peak_rss_mb:\s*(\d+)/gm),
  };
}

function fuzz(binary, name, seconds) {
  const folder = path.join(TARGET, name);
  const corpus = path.join(folder, 'corpus');
  fs.mkdirSync(corpus, { recursive: true });
  console.log(`${name}: ${seconds} seconds`);
  const args = [corpus, path.join(SEEDS, TARGETS[name]), `-max_total_time=${seconds}`, ...LIMITS, '-print_final_stats=1', `-artifact_prefix=${folder}${path.sep}`];
  const { status, stderr } = spawnSync(binary, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
  const passed = status === 0;
  if (!passed) console.error(stderr.slice(-4000));
  return { name, passed, ...figuresOf(stderr) };
}

function report(results, seconds, copy) {
  writeReport('soak-fuzz-last.md', copy, [
    '# Last run of the fuzz targets',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${copy.commit}: each target under libFuzzer for ${seconds} seconds (\`npm run test:soak -- fuzz\`).`,
    'Edges are those of the program that were taken, features also how often; the corpus is kept between runs. MiB: the most that',
    'the process held, libFuzzer and its corpus among it; a text is 64 KiB at most.',
    '',
    ...table(
      ['target', 'executions', 'edges', 'features', 'corpus', 'MiB', 'findings'],
      results.map(({ name, passed, executions, edges, features, corpus, mebibytes }) => [name, executions, edges, features, corpus, mebibytes, passed ? 'none' : '**yes**']),
    ),
    '',
  ]);
}

/** `--name value` of the command line. */
function parse(args) {
  const options = { seconds: String(FULL), only: Object.keys(TARGETS).join() };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at].replace(/^--/, '');
    if (!Object.hasOwn(options, name) || !args[at + 1]) {
      throw new Error('usage: npm run test:soak -- fuzz [--seconds N] [--only TARGET,TARGET]');
    }
    options[name] = args[at + 1];
  }
  const names = options.only.split(',');
  const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));
  if (unknown !== undefined) throw new Error(`there is no target ${unknown}; there are ${Object.keys(TARGETS).join(', ')}`);
  return { seconds: Number(options.seconds), names };
}

/** Runs the targets; says whether nothing was found. `copy` is the commit, and the folder for the figures. */
function soakFuzz(args, copy) {
  const { seconds, names } = parse(args);
  const folder = build();
  const results = names.map((name) => fuzz(path.join(folder, name), name, seconds));
  const found = results.some(({ passed }) => !passed);
  const isFull = seconds >= FULL && names.length === Object.keys(TARGETS).length && !found;
  report(results, seconds, isFull ? untilNow(copy) : { ...untilNow(copy), folder: 'coverage' });
  return !found;
}

module.exports = { soakFuzz };
