'use strict';

/**
 * What an index saves, and what a quick summary takes: `node benchmark/heap-index.js FILE.heapsnapshot...`
 *
 * For each snapshot: the time to open it without an index and with one that has to be written, the size of the index, then every
 * question from the index, each in a process of its own, from before the package is loaded until its answer is there; and the quick
 * summary with the most memory that its process had. Files are in the page cache. The least of three runs counts.
 */

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const RUNS = 3;
const MB = 1e6;

/** Each question, as a function of an analysis. The object asked about is the biggest of its class: `big`, or the most usual one. */
const QUESTIONS = {
  statistics: (heap) => heap.statistics(),
  classes: (heap) => heap.classes(),
  'node(id)': (heap, { big }) => heap.node(big),
  'dominated(root)': (heap, { root }) => heap.dominated(root),
  'dominated(id)': (heap, { big }) => heap.dominated(big),
  'retainers(id)': (heap, { held }) => heap.retainers(held),
  'retainers of what most hold': (heap, { shared }) => heap.retainers(shared),
  'retainingPath(id)': (heap, { big }) => heap.retainingPath(big),
  'instances(most)': (heap, { most }) => heap.instances(most),
  duplicatedStrings: (heap) => heap.duplicatedStrings(),
  "classes({ filter: 'duplicatedStrings' })": (heap) => heap.classes({ filter: 'duplicatedStrings' }),
  dominatorTree: (heap) => heap.dominatorTree(),
  'compare(itself)': (heap) => heap.compare(heap),
};

/** What runs in a process of its own: prints its time, and the most memory it had. */
async function child(what, file, given) {
  const start = process.hrtime.bigint();
  const { openHeapSnapshot, summarizeHeapSnapshot } = require('..');
  let answer;
  if (what === 'quick') {
    answer = await summarizeHeapSnapshot(file);
  } else {
    const heap = await openHeapSnapshot(file, given.index ? { index: given.index } : {});
    answer = what === 'open' ? await heap.summary() : await QUESTIONS[what](heap, given.objects);
  }
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  const peak = process.resourceUsage().maxRSS * 1024;
  const objects = given.choose && await choose(file, given.index);
  const rows = Array.isArray(answer) ? answer.length : undefined;
  process.stdout.write(JSON.stringify({ ms, rows, peak, answer: what === 'open' ? answer : undefined, objects }));
  process.exit();
}

/** The objects to ask about. */
async function choose(file, index) {
  const heap = await require('..').openHeapSnapshot(file, { index });
  const classes = await heap.classes();
  const most = classes.reduce((a, b) => (b.count > a.count ? b : a));
  const [big] = await heap.instances(classes.find(({ place }) => place) || classes[0], { limit: 1 });
  const path = await heap.retainingPath(big);
  const map = (await heap.instances('(object shape)', { limit: 20 }).catch(() => [])).map(({ id }) => id);
  let [shared, holders] = [big.id, 0];
  for (const id of [...map, ...path.map((row) => row.id)]) {
    const found = (await heap.retainers(id, { limit: Infinity })).length;
    if (found > holders) [shared, holders] = [id, found];
  }
  return { big: big.id, held: big.id, root: 1, most: most.id, shared };
}

/** The least of some runs. */
function best(what, file, given) {
  const runs = Array.from({ length: RUNS }, () => {
    const printed = execFileSync(process.execPath, [__filename, '--child', what, file, JSON.stringify(given)], { maxBuffer: 1 << 26 });
    return JSON.parse(printed);
  });
  return runs.reduce((a, b) => (b.ms < a.ms ? b : a));
}

function measure(file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heap-index-'));
  const index = path.join(folder, 'index');
  const row = (name, { ms, rows }, more = '') => console.log(`${name.padEnd(42)} ${ms.toFixed(0).padStart(8)} ms ${rows === undefined ? '' : `${rows} rows`} ${more}`);
  try {
    execFileSync('cat', [file], { stdio: ['ignore', 'ignore', 'inherit'] });
    const size = fs.statSync(file).size;
    const plain = best('open', file, {});
    console.log(`\n${path.basename(file)}: ${(size / MB).toFixed(0)} MB, ${plain.answer.nodes} nodes, ${plain.answer.edges} edges`);
    row('opened without an index', plain, `${(plain.peak / MB).toFixed(0)} MB`);
    const quick = best('quick', file, {});
    row('summarizeHeapSnapshot', quick, `${(quick.peak / MB).toFixed(0)} MB`);
    const written = JSON.parse(execFileSync(process.execPath, [__filename, '--child', 'open', file, JSON.stringify({ index, choose: true })]));
    const length = fs.statSync(index).size;
    row('opened, index written', written, `${(written.peak / MB).toFixed(0)} MB; index ${(length / MB).toFixed(0)} MB, ${(length / size).toFixed(2)} x the file`);
    const { objects } = written;
    row('opened from the index', best('open', file, { index }));
    for (const question of Object.keys(QUESTIONS)) row(question, best(question, file, { index, objects }));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const [first, ...rest] = process.argv.slice(2);
if (first === '--child') {
  const [what, file, given] = rest;
  child(what, file, JSON.parse(given)).catch((error) => {
    console.error(error);
    process.exit(1);
  });
} else {
  console.log(`Node ${process.version}, ${os.cpus().length} processors; the least of ${RUNS} runs, each from before the package is loaded`);
  for (const file of process.argv.slice(2)) measure(path.resolve(file));
}
