'use strict';
// `rs-profiler cpu ...`

const path = require('path');
const rsProfiler = require('../..');
const { UsageError } = require('./context');
const { bytes, count, functionPlace, ms, oneLine, percent, signed } = require('./format');
const { cut } = require('./table');

const ROWS = 20;
/** Where the ending of the output says the format. */
const ENDINGS = {
  '.cpuprofile': 'inspector', '.heapprofile': 'inspector', '.collapsed': 'collapsed', '.txt': 'collapsed',
  '.json': 'speedscope', '.pprof': 'pprof', '.pb.gz': 'pprof', '.svg': 'svg',
};

const COST = [
  { title: 'Self', of: ({ selfMs }) => ms(selfMs) },
  { title: '', of: ({ selfShare }) => percent(selfShare) },
  { title: 'Total', of: ({ totalMs }) => ms(totalMs) },
  { title: '', of: ({ totalShare }) => percent(totalShare) },
];
const nameOf = ({ functionName }) => functionName || '(anonymous)';
const FUNCTION = { title: 'Function', of: nameOf, left: true, long: true };
const GROUP = { title: 'Group', of: ({ group }) => group, left: true, long: true };
const PLACE = { title: 'Place', of: functionPlace, left: true, long: true };

const timeModel = ({ values }) => (values.hits ? 'hits' : 'deltas');

function printTotals(context, totals) {
  context.print(`${ms(totals.durationMs)} recorded, ${count(totals.hits)} samples: ${ms(totals.activeMs)} active, of it `
    + `${ms(totals.garbageCollectorMs)} garbage collection and ${ms(totals.programMs)} native; ${ms(totals.idleMs)} idle`);
}

async function top(context) {
  const analysis = await context.cpu(context.files[0]);
  const model = { timeModel: timeModel(context) };
  const [summary, rows, hot] = await Promise.all([
    analysis.summary(model), analysis.top({ ...model, ...context.rows(ROWS) }), analysis.hot(model),
  ]);
  context.answer({ summary, top: rows, hot });
  printTotals(context, summary);
  for (const row of hot) {
    const place = functionPlace(row);
    context.print(`${context.terminal.bold(oneLine(nameOf(row)))}${place ? ` (${oneLine(place)})` : ''}: ${row.reasons.join('; ')}`);
  }
  context.print();
  context.table([...COST, FUNCTION, GROUP, PLACE], rows);
}

/** With `--limit` that decides how many are shown. */
const leastShare = ({ limit, json }) => (json || limit !== undefined ? 0.0001 : 0.01);

async function tree(context) {
  const analysis = await context.cpu(context.files[0]);
  const whole = await analysis.tree({
    timeModel: timeModel(context), bottomUp: Boolean(context.values['bottom-up']), leastShare: leastShare(context),
  });
  const root = context.biggest(whole, ({ totalMs }) => totalMs);
  context.answer(root);
  const show = (node, depth) => {
    const place = functionPlace(node);
    const cost = `${ms(node.totalMs).padStart(11)}  ${percent(node.totalShare).padStart(7)}  `;
    const name = cut(`${cost}${'  '.repeat(depth)}${oneLine(nameOf(node))}`, context.terminal.width);
    const left = context.terminal.width - name.length - 2;
    context.print(`${name}${place && left > 8 ? context.terminal.dim(`  ${cut(oneLine(place), left)}`) : ''}`);
    for (const child of node.children) show(child, depth + 1);
  };
  show(root, 0);
}

async function lines(context) {
  const analysis = await context.cpu(context.files[0]);
  const rows = await analysis.lines({ timeModel: timeModel(context), ...context.rows(ROWS) });
  context.answer(rows);
  if (rows.length === 0) context.print('The profile has no lines: it was recorded without them.');
  else context.table([...COST.slice(0, 2), PLACE, FUNCTION], rows);
}

async function groups(context) {
  const analysis = await context.cpu(context.files[0]);
  const rows = await analysis.groups({ timeModel: timeModel(context), ...context.rows(undefined) });
  context.answer(rows);
  context.table([...COST, { title: 'Functions', of: ({ functions }) => count(functions) }, GROUP], rows);
}

async function compare(context) {
  const base = await context.cpu(context.files[0]);
  const analysis = await context.cpu(context.files[1]);
  const rows = await analysis.compare(base, { timeModel: timeModel(context), ...context.rows(ROWS) });
  context.answer(rows);
  context.table([
    { title: 'Self before', of: (row) => percent(row.base.selfShare) },
    { title: 'after', of: ({ selfShare }) => percent(selfShare) },
    { title: 'Growth', of: ({ selfShareGrowth }) => signed(percent)(selfShareGrowth) },
    { title: 'Total growth', of: ({ totalShareGrowth }) => signed(percent)(totalShareGrowth) },
    FUNCTION,
    { title: 'Match', of: ({ matched }) => matched, left: true },
    PLACE,
  ], rows);
}

async function write(context, to) {
  const { output } = context.values;
  if (output === undefined) throw new UsageError('Name the file to write with -o.');
  const [file] = context.files;
  const { idle, inverted, hits } = context.values;
  const input = await context.profile(file);
  const report = await context.working(file, (options) => rsProfiler.convert(input, output, {
    ...options, to, idle, inverted, value: hits ? 'count' : 'amount', name: file === '-' ? 'stdin' : path.basename(file),
  }));
  context.answer(report);
  context.print(`${report.path}: ${bytes(report.bytes)} of ${to}, from a ${report.kind === 'cpu' ? 'CPU' : 'sampling heap'} profile`);
}

const flame = (context) => write(context, 'svg');

function convert(context) {
  const { to, output = '' } = context.values;
  const ending = Object.keys(ENDINGS).find((end) => output.endsWith(end));
  if (to === undefined && ending === undefined) {
    throw new UsageError(`Name the format with --to, or end the output with one of ${Object.keys(ENDINGS).join(', ')}.`);
  }
  return write(context, to ?? ENDINGS[ending]);
}

module.exports = { compare, convert, flame, groups, lines, top, tree };
