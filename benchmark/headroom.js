'use strict';

/**
 * Prints what lib/headroom.js estimates beside what a snapshot takes: the peak growth of the process's resident memory, or of
 * the proportional memory (Pss) of the process and its forked child together.
 * Its constants come from here. Exit code 1 when an estimate is off by more than a factor of 2.
 *
 * usage: node benchmark/headroom.js [--megabytes N] [--capture inline|fork|v8] [--only shape,shape] [--results]
 *
 * `--results` measures inline and forked, and writes both into RESULTS.md.
 */

const path = require('path');
const { runChild } = require('./lib/child');
const { SHAPES } = require('./lib/heap-shapes');
const { MIB } = require('./lib/memory');
const { writePart } = require('./lib/results');

function option(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
}

const mib = (bytes) => (bytes / MIB).toFixed(0).padStart(7);
const ratio = (a, b) => (a / b).toFixed(2).padStart(7);

/** Prints each shape. Returns the rows of a table, and how many estimates are off. */
async function measure(capture, { megabytes, shapes }) {
  console.log(`Node ${process.version}, ${megabytes} MB, ${capture}. Sizes in MiB; ratios are estimate / measured.\n`);
  console.log(`${'shape'.padEnd(18)}   heap   peak estimate  ratio  nodes  edges  took ms`);
  const rows = [];
  let off = 0;
  for (const shape of shapes) {
    const run = await runChild('headroom', { shape, megabytes, capture }, { flags: ['--expose-gc'], limitMs: 600000 });
    if (run.failed) {
      console.log(`${shape.padEnd(18)} ${run.failed}`);
      off += 1;
      continue;
    }
    const { used, peak, estimate, estimateMs, nodes, edges } = run;
    const error = estimate.neededBytes / peak;
    if (error > 2 || error < 0.5) off += 1;
    const counts = nodes ? `${ratio(estimate.nodes, nodes)}${ratio(estimate.edges, edges)}` : '      -      -';
    console.log(`${shape.padEnd(18)}${mib(used)}${mib(peak)}${mib(estimate.neededBytes).padStart(9)}${ratio(estimate.neededBytes, peak)}`
      + `${counts}${estimateMs.toFixed(0).padStart(9)}`);
    rows.push(`| ${[shape, capture, mib(used), mib(peak), mib(estimate.neededBytes), ratio(estimate.neededBytes, peak)].map((cell) => cell.trim()).join(' | ')} |`);
  }
  console.log(`\n${shapes.length - off} of ${shapes.length} within a factor of 2\n`);
  return { rows, off };
}

async function main() {
  const megabytes = Number(option('megabytes', 60));
  const shapes = option('only', Object.keys(SHAPES).join(',')).split(',');
  const wanted = process.argv.includes('--results');
  const found = [];
  for (const capture of wanted ? ['inline', 'fork'] : [option('capture', 'inline')]) found.push(await measure(capture, { megabytes, shapes }));
  if (wanted) {
    const head = '| heap of one kind | snapshot | heap, MiB | peak beside it, MiB | estimate, MiB | estimate / peak |\n| --- | --- | --- | --- | --- | --- |';
    writePart(path.join(__dirname, 'RESULTS.md'), 'Last run of `node benchmark/headroom.js --results`',
      `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, heaps of about ${megabytes} MB.\n\n`
      + `${head}\n${found.flatMap(({ rows }) => rows).join('\n')}`);
  }
  process.exitCode = found.some(({ off }) => off > 0) ? 1 : 0;
}

main();
