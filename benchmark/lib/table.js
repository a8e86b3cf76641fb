'use strict';

/** Tables of medians, for a terminal and for Markdown. */

const { summary } = require('./statistics');

/** @typedef {{ title: string, metric: string, scale?: number, digits?: number }} Column */
/** @typedef {{ title: string, columns: Column[], rows: { label: string, results: object[], reason?: string }[] }} Table */

/** `median (smallest-largest)`, or the median alone when all are shown alike. */
function cell(results, { metric, scale = 1, digits = 1 }) {
  const found = summary(results.map((result) => result[metric]));
  if (found === undefined) return '';
  const [median, min, max] = [found.median, found.min, found.max].map((value) => (value / scale).toFixed(digits));
  return min === max ? median : `${median} (${min}-${max})`;
}

/** Header and body of a table as texts. */
function texts({ columns, rows }) {
  const head = ['', ...columns.map(({ title }) => title), 'runs'];
  const body = rows.map(({ label, results, reason }) => {
    const good = results.filter((result) => !result.failed);
    const cells = columns.map((column) => cell(good, column));
    if (good.length === 0) cells[0] = reason || 'not measured';
    return [label, ...cells, String(good.length)];
  });
  return [head, ...body];
}

/** @param {Table} table */
function toText(table) {
  const lines = texts(table);
  const failed = (line) => line[line.length - 1] === '0';
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => (failed(line) && i === 1 ? 0 : line[i].length))));
  const rows = lines.map((line) => {
    if (failed(line)) return `  ${line[0].padEnd(widths[0])}  ${line[1]}`;
    return `  ${line.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  ')}`;
  });
  return [table.title, ...rows].join('\n');
}

/** @param {Table} table */
function toMarkdown(table) {
  const [head, ...body] = texts(table).map((line) => `| ${line.map((text) => text.replace(/\|/g, '\\|')).join(' | ')} |`);
  const rule = `| --- |${' ---: |'.repeat(table.columns.length + 1)}`;
  return [`**${table.title}**`, '', head, rule, ...body].join('\n');
}

module.exports = { toMarkdown, toText };
