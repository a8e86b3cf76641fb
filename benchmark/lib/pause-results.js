'use strict';

/** What a run of benchmark/pause.js leaves in the repository: all its tables with a summary, the plot, and the short table in the README. */

const fs = require('fs');
const path = require('path');
const { plotPauses } = require('./plot');
const report = require('./report');
const { summary } = require('./statistics');

const BENCHMARK = path.join(__dirname, '..');
const README = path.join(BENCHMARK, '..', 'README.md');
const MARK = 'bench:pause';

/** Three digits, as time. */
function duration(ms) {
  if (ms >= 60000) return `${Number((ms / 60000).toPrecision(2))} min`;
  return ms >= 1000 ? `${Number((ms / 1000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`;
}

const percent = (value) => `${value.toFixed(1)} %`;
const mebibytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** The cells of one line: `value(kind, tool, metric)` gives a median as text, or a dash. The README has those of `SHORT`. */
const CELLS = Object.freeze([
  ['stop, forked', (value) => value('idle', 'ours', 'stopMs', duration)],
  ['stop, `v8.writeHeapSnapshot`', (value) => value('idle', 'v8', 'stopMs', duration)],
  ['stop, bare `fork()`', (value) => value('idle', 'fork', 'stopMs', duration)],
  ['main-thread CPU', (value) => `${value('idle', 'ours', 'cpuMs', duration)} / ${value('idle', 'v8', 'cpuMs', duration)}`],
  ['service grows by', (value) => `${value('memory', 'ours', 'parentPercent', percent)} / ${value('memory', 'v8', 'parentPercent', percent)}`],
  ['with its child (PSS)', (value) => `${value('memory', 'ours', 'togetherPss', mebibytes)} / ${value('memory', 'v8', 'parentBytes', mebibytes)}`],
  ['file after', (value) => `${value('idle', 'ours', 'wallMs', duration)} / ${value('idle', 'v8', 'wallMs', duration)}`],
  ['p99 of responses, usual and meanwhile', (value) => `${value('load', 'ours', 'p99Without', duration)}, ${value('load', 'ours', 'p99', duration)}`],
]);

const SHORT = Object.freeze(['stop, forked', 'stop, `v8.writeHeapSnapshot`', 'service grows by', 'file after']);

/** What was measured, by Node and size of the heap: `Map<string, { node, megabytes, kinds }>`. */
function linesOf(results) {
  const lines = new Map();
  for (const { environment, sections } of results) {
    for (const { kind, megabytes, rows } of sections.flatMap(({ measured }) => measured)) {
      const key = `${environment.node} ${megabytes}`;
      if (!lines.has(key)) lines.set(key, { node: environment.node, megabytes, kinds: {} });
      const { kinds } = lines.get(key);
      kinds[kind] = { ...kinds[kind], ...rows };
    }
  }
  return [...lines.values()].sort((a, b) => parseInt(a.node, 10) - parseInt(b.node, 10) || a.megabytes - b.megabytes);
}

function asLine({ node, megabytes, kinds }, cells) {
  const value = (kind, tool, metric, show) => {
    const row = kinds[kind] && kinds[kind][tool];
    const found = row && summary(row.results.map((result) => result[metric]));
    return found ? show(found.median) : '–';
  };
  return `| ${node.split('.')[0]}, ${megabytes} MB | ${cells.map(([, cell]) => cell(value)).join(' | ')} |`;
}

function table(results, cells) {
  return [
    `| Node, heap | ${cells.map(([title]) => title).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(cells.length)}`,
    ...linesOf(results).map((line) => asLine(line, cells)),
  ].join('\n');
}

/** Where and when it was measured. */
function circumstances([{ environment: { date, platform, cpus } }]) {
  return `${platform}, ${cpus} CPUs, ${date.slice(0, 10)}; medians. Of two figures the first is ours, forked, the second of \`v8.writeHeapSnapshot\`.`;
}

/** The summary at the head of all tables, as Markdown. */
function summaryTable(results) {
  return `${circumstances(results)}\n\n${table(results, CELLS)}`;
}

/** The short table for the README, as Markdown. */
function readmeTable(results) {
  const rest = '`npm run bench:pause`; more in [benchmark/PAUSES.md](benchmark/PAUSES.md).';
  return `${circumstances(results)}\n${rest}\n\n${table(results, CELLS.filter(([title]) => SHORT.includes(title)))}`;
}

/** Replaces what stands between two comments that name the mark; leaves a text without them alone. */
function replaceMarked(text, mark, body) {
  const [open, close] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [begin, end] = [text.indexOf(open), text.indexOf(close)];
  if (begin < 0 || end < begin) return text;
  return `${text.slice(0, begin + open.length)}\n${body.trim()}\n${text.slice(end)}`;
}

/** One run as a part of the document. */
function partOf({ environment, options, notes, sections }) {
  const title = `## Node ${environment.node}${options.thp ? ', with huge pages for everybody' : ''}`;
  return [title, ...notes, report.toMarkdownReport(environment, sections).trim()].join('\n\n');
}

/** @param {object[]} results of runs on one or more Nodes */
function writeResults(results) {
  const ordinary = results.filter(({ options }) => !options.thp);
  const head = '# Last full run of `npm run bench:pause`\n\nMade by `benchmark/pause.js`; [README.md](README.md) says how it measures.';
  const before = ordinary.length > 0 ? [head, summaryTable(ordinary)] : [head];
  fs.writeFileSync(path.join(BENCHMARK, 'PAUSES.md'), `${[...before, ...results.map(partOf)].join('\n\n')}\n`);
  if (ordinary.length === 0) return;
  fs.writeFileSync(path.join(BENCHMARK, 'pauses.svg'), plotPauses(ordinary));
  fs.writeFileSync(README, replaceMarked(fs.readFileSync(README, 'utf8'), MARK, readmeTable(ordinary)));
}

module.exports = { readmeTable, replaceMarked, writeResults };
