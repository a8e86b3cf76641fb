'use strict';

/** What a run of benchmark/analysis.js leaves in the repository: all its tables with a summary above them. */

const fs = require('fs');
const path = require('path');
const { ROOT } = require('../../scripts/run');
const report = require('./report');
const { summary } = require('./statistics');

const HEAD = `# Last full run of \`npm run bench:analysis\`

Made by \`benchmark/analysis.js\`; [README.md](README.md) says how it measures.`;

/** How the summary names the forms. */
const NAMES = Object.freeze({
  'rs-profiler': 'rs-profiler in Node',
  'rs-profiler-core': 'its core in Rust',
  'v8-heap-parser': 'v8-heap-parser',
  'chrome-devtools-frontend': 'DevTools\' worker',
  '@memlab/heap-analysis': 'memlab',
  '@heap-snapshot/tool': '@heap-snapshot/tool',
});

/** Seconds and the peak as a multiple of the file, or why not. */
function cell(row, bytes) {
  const of = (metric) => row && summary(row.results.map((result) => result[metric]));
  const [wall, peak] = [of('wallMs'), of('peakBytes')];
  if (!wall) return '–';
  return `${Number((wall.median / 1000).toPrecision(3))} s, ${(peak.median / bytes).toFixed(2)} x`;
}

/** One line for every file: time, and peak of memory to the size of the file. */
function summaryTable(sections) {
  const forms = Object.keys(NAMES);
  const lines = sections.map(({ title, bytes, rows }) => `| ${[title, ...forms.map((form) => cell(rows[form], bytes))].join(' | ')} |`);
  return [
    'From the file to the class table with retained sizes: time, and the peak of memory to the size of the file. Medians.',
    '',
    `| file | ${Object.values(NAMES).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(forms.length)}`,
    ...lines,
  ].join('\n');
}

/**
 * @param {{ environment: object, sections: object[] }[]} results of one or more runs
 * @returns {string} the document
 */
function documentOf(results) {
  const parts = results.map(({ environment, sections }) => report.toMarkdownReport(environment, sections).trim());
  return `${[HEAD, summaryTable(results.flatMap(({ sections }) => sections)), ...parts].join('\n\n')}\n`;
}

/**
 * @param {object[]} results
 * @param {import('../../scripts/working-copy').WorkingCopy} copy which says where the document belongs
 * @returns {string} the file that was written
 */
function writeResults(results, { folder }) {
  const file = path.join(folder, 'ANALYSIS.md');
  fs.mkdirSync(path.join(ROOT, folder), { recursive: true });
  fs.writeFileSync(path.join(ROOT, file), documentOf(results));
  return file;
}

module.exports = { documentOf, writeResults };
