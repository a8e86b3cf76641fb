'use strict';

/**
 * `npm run test:soak -- fork [--forks 200] [--kills 20] [--node 18,20]`: forked snapshots on each Node of the matrix, one Node after the
 * other, in a service that allocates all the while and whose clients must get every answer; then others whose child is killed, on
 * each Node at other points of its life, 100 in all. It fails when a snapshot is not whole or was not forked, when a client missed an answer, or when the
 * service holds more descriptors, threads, mappings or memory at the end. The figures of a full run stand in
 * `benchmark/soak-fork-last.md` when the working copy was exactly a commit, else in `coverage/soak-fork-last.md`.
 */

const { spawnSync } = require('child_process');
const os = require('os');
const { MATRIX, binaryFor } = require('./node-dist');
const { table, writeReport } = require('./report');
const { untilNow } = require('./working-copy');

const FULL = { forks: 200, kills: 20 };

/** The column's name, and its value in what the service and its clients say. */
const COLUMNS = [
  ['Node', ({ node }) => node],
  ['forks', ({ forks }) => forks.count],
  ['whole', ({ forks }) => forks.whole],
  ['attempts', ({ forks }) => tally(forks.attempts)],
  ['stop ms: p50 / p99 / most', ({ forks }) => forks.stops],
  ['kills', ({ kills }) => kills.count],
  ['in phase', ({ kills }) => tally(kills.phases)],
  ['whole', ({ kills }) => kills.whole],
  ['taken by', ({ kills }) => tally(kills.by)],
  ['requests', ({ answered }) => answered],
  ['lost', ({ lost }) => lost.length],
  ['answered in ms: p99', ({ latencies }) => latencies.p99],
  ['descriptors', ({ early, late }) => `${early.descriptors}, ${late.descriptors}`],
  ['threads', ({ early, late }) => `${early.threads}, ${late.threads}`],
  ['mappings', ({ early, late }) => `${early.mappings}, ${late.mappings}`],
  ['RSS MiB', ({ early, late }) => `${early.rssMiB}, ${late.rssMiB}`],
  ['seconds', ({ seconds }) => seconds],
];

const tally = (counts) => Object.entries(counts).map(([what, count]) => `${what}: ${count}`).join(', ');

function report(results, { forks, kills }, copy) {
  writeReport('soak-fork-last.md', copy, [
    '# Last soak run of forked snapshots',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${copy.commit}, ${os.cpus().length} cores, ${os.type()} ${os.release()}:`,
    `${forks} forked snapshots on each Node, then ${kills} whose first child is killed, at other points of its life on each Node, in a service that`,
    'answers requests and allocates all the while (`npm run test:soak -- fork`). What the service holds is told after the warm-up and',
    'at the end.',
    '',
    ...table(COLUMNS.map(([name]) => name), results.map((result) => COLUMNS.map(([, value]) => value(result)))),
    '',
  ]);
}

/** `--name value` of the command line. */
function parse(args) {
  const options = { ...FULL, node: MATRIX.map(({ major }) => major).join() };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at].replace(/^--/, '');
    if (!Object.hasOwn(options, name) || !/^[\d,]+$/.test(args[at + 1] ?? '')) {
      throw new Error('usage: npm run test:soak -- fork [--forks N] [--kills N] [--node MAJOR,MAJOR]');
    }
    options[name] = name === 'node' ? args[at + 1] : Number(args[at + 1]);
  }
  return options;
}

/** Runs the soak on each Node. `copy` is the commit, and the folder for the figures. */
function soakForks(args, copy) {
  const { node: majors, ...counts } = parse(args);
  const full = Object.keys(FULL).every((what) => counts[what] >= FULL[what]) && majors.split(',').length === MATRIX.length;
  const results = [];
  let failed = false;
  require('./setup').setup({ allAbis: true });
  for (const major of majors.split(',').map(Number)) {
    const { node } = binaryFor(major);
    const said = spawnSync(node, [__filename, JSON.stringify({ ...counts, turn: MATRIX.findIndex((one) => one.major === major) })], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    const result = said.status === 0 && JSON.parse(said.stdout);
    if (result && result.early) results.push(result);
    const wrong = result ? result.wrong : [`ended with ${said.status ?? said.signal}`];
    console.log(`Node ${major}: ${wrong.length === 0 ? 'nothing wrong' : wrong.join('; ')}`);
    failed ||= wrong.length > 0;
  }
  report(results, counts, full && !failed ? untilNow(copy) : { ...untilNow(copy), folder: 'coverage' });
  return !failed;
}

module.exports = { soakForks };

if (require.main === module) {
  const { soak } = require('../__test__/helpers/fork-soak');
  soak(JSON.parse(process.argv[2])).then((result) => console.log(JSON.stringify(result)));
}
