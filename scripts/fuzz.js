'use strict';

/**
 * `npm run test:soak:fuzz [-- seconds]`: each fuzz target of the readers for 600 seconds unless told otherwise, from the fixtures on.
 * `--only=a,b` chooses targets, `--together` runs them side by side. It needs a C++ compiler for libFuzzer, and no nightly
 * Rust: the core has no unsafe code, so coverage is enough, without a sanitizer. A finding fails it, and its input is kept in
 * `target/fuzz/<target>`. A full run leaves its figures with date and commit in `benchmark/soak-fuzz-last.md`.
 */

const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { ROOT, replaceFile, run } = require('./run');

const CRATE = path.join(ROOT, 'crates', 'core', 'fuzz');
const TARGET = path.join(ROOT, 'target', 'fuzz');
const REPORT = path.join(ROOT, 'benchmark', 'soak-fuzz-last.md');
const FULL = 600;
const FIXTURES = path.join(ROOT, 'crates', 'core', 'tests', 'fixtures');

/** The instruments that libFuzzer reads, on stable Rust. */
const INSTRUMENTS = [
  '-Cpasses=sancov-module', '-Cllvm-args=-sanitizer-coverage-level=4', '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table', '-Cllvm-args=-sanitizer-coverage-trace-compares', '-Ccodegen-units=1', '--cfg=fuzzing',
];

/** A snapshot that is small enough to be changed byte by byte. */
const SNAPSHOT = JSON.stringify({
  snapshot: {
    meta: {
      node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
      node_types: [['hidden', 'array', 'string', 'object', 'code', 'closure', 'native', 'synthetic'], 'string', 'number', 'number', 'number', 'number'],
      edge_fields: ['type', 'name_or_index', 'to_node'],
      edge_types: [['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'], 'string_or_number', 'node'],
      location_fields: ['object_index', 'script_id', 'line', 'column'],
    },
    node_count: 4, edge_count: 4, trace_function_count: 0, extra_native_bytes: 12,
  },
  nodes: [7, 0, 1, 0, 2, 0, 3, 1, 3, 16, 1, 0, 2, 2, 5, 24, 0, 0, 5, 3, 7, 32, 1, 0],
  edges: [2, 4, 6, 1, 1, 18, 2, 5, 12, 0, 5, 12],
  trace_function_infos: [], trace_tree: [], samples: [], locations: [18, 5, 1, 2],
  strings: ['(root)', 'Thing', 'a "text" \u00e9 \ud83d\ude00', 'fn', 'thing', 'text'],
});

/** One with concatenated strings, and with who allocated. */
const ROPES = JSON.stringify({
  snapshot: {
    meta: {
      node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id'],
      node_types: [['synthetic', 'string', 'concatenated string'], 'string', 'number', 'number', 'number', 'number'],
      edge_fields: ['type', 'name_or_index', 'to_node'],
      edge_types: [['element', 'internal'], 'string_or_number', 'node'],
      trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
      trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
    },
    node_count: 4, edge_count: 5, trace_function_count: 2,
  },
  nodes: [0, 0, 1, 0, 1, 0, 1, 4, 3, 16, 0, 2, 2, 3, 5, 32, 2, 3, 2, 3, 7, 32, 2, 0],
  edges: [0, 0, 18, 1, 1, 6, 1, 2, 6, 1, 1, 12, 1, 2, 6],
  trace_function_infos: [0, 0, 0, 0, 0, 0, 1, 4, 4, 7, 1, 1], trace_tree: [1, 0, 0, 0, [2, 1, 1, 16, [], 3, 1, 1, 32, []]], samples: [],
  strings: ['', 'first', 'second', '(concatenated string)', 'text'],
});

const fixtures = (ending) => fs.readdirSync(FIXTURES).filter((name) => name.endsWith(ending)).map((name) => fs.readFileSync(path.join(FIXTURES, name)));
const SEEDS = {
  heapsnapshot: () => [SNAPSHOT, ROPES, zlib.gzipSync(SNAPSHOT)],
  cpuprofile: () => fixtures('.cpuprofile'),
  heapprofile: () => fixtures('.heapprofile'),
  redact: () => [`0${SNAPSHOT}`, `1${SNAPSHOT}`],
};

function build() {
  const env = { ...process.env, CARGO_TARGET_DIR: TARGET, RUSTFLAGS: INSTRUMENTS.join(' ') };
  // With the host named, build scripts are built without the instruments.
  const host = /host: (\S+)/.exec(run('rustc', ['-vV']))[1];
  run('cargo', ['build', '--release', '--target', host], { cwd: CRATE, env, stdio: 'inherit' });
  return path.join(TARGET, host, 'release');
}

/** @returns {Promise<{ name: string, passed: boolean, executions: number, edges: number, features: number, corpus: number }>} */
function fuzz(binary, name, seconds) {
  const folder = path.join(TARGET, name);
  const corpus = path.join(folder, 'corpus');
  fs.mkdirSync(corpus, { recursive: true });
  SEEDS[name]().forEach((seed, at) => fs.writeFileSync(path.join(corpus, `seed-${at}`), seed));
  const args = [corpus, `-max_total_time=${seconds}`, '-rss_limit_mb=2048', '-timeout=20', '-max_len=65536', '-print_final_stats=1'];
  console.log(`\n##### ${name}, ${seconds} seconds`);
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [...args, `-artifact_prefix=${folder}${path.sep}`], { stdio: ['ignore', 'inherit', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      said = (said + chunk).slice(-65536);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ name, passed: status === 0, ...figuresOf(said) }));
  });
}

/** What libFuzzer's last lines say. */
function figuresOf(said) {
  const last = (pattern) => Number([...said.matchAll(pattern)].pop()?.[1]);
  return {
    executions: last(/^stat::number_of_executed_units:\s*(\d+)/gm),
    edges: last(/\bcov: (\d+)/g),
    features: last(/\bft: (\d+)/g),
    corpus: last(/\bcorp: (\d+)/g),
  };
}

function report(results, seconds, together) {
  const commit = run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).trim();
  const head = `${new Date().toISOString().slice(0, 10)}, commit ${commit}: each reader of files under libFuzzer for ${seconds} seconds${together ? ', all side by side' : ''}\n`
    + '(`npm run test:soak:fuzz`). Coverage counts edges of the program, features edges with how often they were taken; the corpus\n'
    + 'is kept between runs.';
  const rows = results.map(({ name, passed, executions, edges, features, corpus }) => (
    `| ${name} | ${executions} | ${edges} | ${features} | ${corpus} | ${passed ? 'none' : '**yes**'} |`));
  const table = ['| target | executions | coverage | features | corpus | findings |', '| --- | ---: | ---: | ---: | ---: | --- |', ...rows].join('\n');
  replaceFile(REPORT, `# Last fuzz run\n\n${head}\n\n${table}\n`);
}

async function all(argv) {
  const seconds = Number(argv.find((arg) => /^\d+$/.test(arg)) || FULL);
  const only = argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length).split(',');
  const names = Object.keys(SEEDS).filter((name) => !only || only.includes(name));
  const folder = build();
  const results = [];
  const together = argv.includes('--together');
  const one = (name) => fuzz(path.join(folder, name), name, seconds);
  if (together) results.push(...await Promise.all(names.map(one)));
  else for (const name of names) results.push(await one(name));
  if (!only && seconds >= FULL) report(results, seconds, together);
  const findings = results.filter(({ passed }) => !passed).map(({ name }) => name);
  if (findings.length) throw new Error(`fuzzing found something in ${findings.join(', ')}; see above.`);
  console.log(`\n${names.length} targets, ${seconds} seconds each, no finding`);
}

all(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
