'use strict';

/**
 * `npm run oracle [-- --node 18,20] [-- FILE [LATER]]`: what we compute of heap snapshots beside what Chrome DevTools' own worker
 * computes (npm chrome-devtools-frontend, in the cache folder): every node, every row. Without files, snapshots are taken on each
 * Node of the matrix. It fails when a single number differs. The figures of a full run stand in `benchmark/oracle-last.md` when the
 * working copy was exactly a commit, else in `coverage/oracle-last.md`. Not part of CI, which compares with recorded numbers
 * (`crates/core/tests/it/heap_recorded.rs`).
 *
 * `npm run oracle -- --record`: writes these anew.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { DEVTOOLS, bundleDevTools } = require('../benchmark/lib/devtools');
const { MATRIX, binaryFor, cacheDir } = require('./node-dist');
const { COLUMNS, differencesOfComparison, differencesOfFile } = require('./oracle/differences');
const { record } = require('./oracle/record');
const { table, writeReport } = require('./report');
const { ROOT, run, unpackFromNpm } = require('./run');
const { untilNow, workingCopy } = require('./working-copy');

/** Where files in which something differs are kept: what is in a heap is never quite the same again. */
const KEPT = path.join(ROOT, 'coverage', 'oracle');
const VARIED_HEAP = path.join(ROOT, '__test__', 'helpers', 'varied-heap.js');

/** The kinds of snapshots that are taken, two of each. */
const KINDS = {
  plain: { profiler: ROOT },
  internals: { profiler: ROOT, exposeInternals: true },
  'numeric values': { profiler: ROOT, exposeNumericValues: true },
  both: { profiler: ROOT, exposeInternals: true, exposeNumericValues: true },
  stacks: { stacks: true },
  // The second of a forked child, which marks it.
  forked: { profiler: ROOT, forked: true },
};

/** Node's own warnings are not of interest; what a program says when it fails is in the error. */
const runQuietly = (program, args, options) => run(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });

async function fetchDevTools(folder) {
  const kept = path.join(cacheDir(), 'tools', `chrome-devtools-frontend-${DEVTOOLS}`);
  if (!fs.existsSync(kept)) {
    process.stderr.write(`fetching chrome-devtools-frontend@${DEVTOOLS} from npm\n`);
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    const temp = fs.mkdtempSync(`${kept}-`);
    unpackFromNpm(`chrome-devtools-frontend@${DEVTOOLS}`, temp);
    fs.renameSync(temp, kept);
  }
  return bundleDevTools(kept, folder);
}

/** What both make of files: their numbers, in folders. */
function numbers(bundle, folder, files) {
  const out = { devtools: path.join(folder, 'devtools'), ours: path.join(folder, 'ours') };
  for (const each of Object.values(out)) fs.rmSync(each, { recursive: true, force: true });
  runQuietly(process.execPath, ['--max-old-space-size=12000', path.join(__dirname, 'oracle', 'devtools-numbers.js'), bundle, out.devtools, ...files]);
  const example = ['run', '--quiet', '--release', '-p', 'rs-profiler-core', '--example', 'heap_numbers', '--', out.ours, ...files];
  runQuietly('cargo', example, { cwd: ROOT });
  return out;
}

/** Lines of the report about one or two files, and how many numbers differ. */
function compared(name, out, count) {
  const lines = [];
  let wrong = 0;
  for (let at = 0; at < count; at++) {
    const folders = [out.devtools, out.ours].map((folder) => path.join(folder, String(at)));
    const { nodes, stacks, differing } = differencesOfFile(...folders);
    const isLater = count === 2 && at === 1;
    const comparison = isLater && differencesOfComparison(out.devtools, out.ours);
    const counts = [...Object.keys(COLUMNS), 'stacks', 'classes', 'interfaces', 'statistics', 'duplicates', 'filters'].map((each) => differing[each]);
    wrong += counts.reduce((sum, each) => sum + each, comparison ? comparison.differing : 0);
    lines.push([isLater ? `${name}, later` : name, nodes, stacks, ...counts, comparison ? `${comparison.differing} of ${comparison.rows}` : '']);
  }
  console.log(`${wrong === 0 ? 'ok    ' : 'DIFFER'} ${name}`);
  if (wrong > 0) console.log(`kept in ${path.relative(ROOT, KEPT)}`);
  return { lines, wrong };
}

function report(lines, copy) {
  writeReport('oracle-last.md', copy, [
    '# Last comparison with Chrome DevTools',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${copy.commit}, chrome-devtools-frontend ${DEVTOOLS}: \`npm run oracle\`. How many numbers`,
    'differ: by node, then rows. Of each kind there are two snapshots of one process. Those with stacks say where each object was',
    'allocated; the later one of those named forked was taken by a forked child, and compared with one of the process.',
    '',
    ...table([
      'file', 'nodes', 'with a stack', 'shallow size', 'distance', 'dominator', 'retained size', 'class', 'stack',
      'class rows', 'interfaces', 'statistics', 'equal strings', 'filters', 'comparison',
    ], lines),
    '',
  ]);
}

/** The snapshots and the numbers of both. */
function keep(folder, name) {
  const kept = path.join(KEPT, name.replace(/\W+/g, '-'));
  fs.rmSync(kept, { recursive: true, force: true });
  fs.cpSync(folder, kept, { recursive: true });
}

/** Two snapshots of a Node. The program runs in the folder, so that no path of this machine is in them. */
function take(node, folder, options) {
  const program = path.join(folder, 'varied-heap.js');
  fs.copyFileSync(VARIED_HEAP, program);
  const files = ['base', 'later'].map((name) => path.join(folder, `${name}.heapsnapshot`));
  runQuietly(node, [program, ...files, JSON.stringify(options)], { cwd: folder, env: {} });
  return files;
}

async function main(args) {
  const copy = workingCopy();
  const at = args.indexOf('--node');
  const majors = at >= 0 ? args.splice(at, 2)[1].split(',').map(Number) : MATRIX.map(({ major }) => major);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-oracle-'));
  try {
    const bundle = await fetchDevTools(folder);
    if (args[0] === '--record') return record({ folder, numbers: (files) => numbers(bundle, folder, files), take });
    const lines = [];
    let wrong = 0;
    const compare = (name, files) => {
      const result = compared(name, numbers(bundle, folder, files), files.length);
      lines.push(...result.lines);
      wrong += result.wrong;
      if (result.wrong > 0) keep(folder, name);
    };
    if (args.length > 0) {
      compare(path.basename(args[0]), args);
    } else {
      require('./setup').setup({ allAbis: true });
      for (const major of majors) {
        const { node } = binaryFor(major);
        for (const [kind, options] of Object.entries(KINDS)) compare(`Node ${major}, ${kind}`, take(node, folder, options));
      }
    }
    const isFull = args.length === 0 && majors.length === MATRIX.length && wrong === 0;
    report(lines, isFull ? untilNow(copy) : { ...untilNow(copy), folder: 'coverage' });
    if (wrong > 0) process.exitCode = 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
