'use strict';

/** The whole result: for a reader, as Markdown, and as JSON. */

const { spawnSync } = require('child_process');
const os = require('os');
const path = require('path');
const { toMarkdown, toText } = require('./table');

function git(...args) {
  const result = spawnSync('git', args, { cwd: path.join(__dirname, '..'), encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : '';
}

/** Where and when the figures were taken. */
function environment(modules) {
  const versions = {};
  for (const [name, { version }] of Object.entries(modules)) if (version) versions[name] = version;
  return {
    date: new Date().toISOString(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpus: os.cpus().length,
    cpuModel: os.cpus()[0].model.trim(),
    memoryMiB: Math.round(os.totalmem() / 1024 / 1024),
    commit: git('rev-parse', '--short=12', 'HEAD') || 'unknown',
    changed: git('status', '--porcelain') !== '',
    versions,
  };
}

function verdict({ pass }) {
  if (pass === undefined) return 'not measured';
  return pass ? 'PASS' : 'miss';
}

function headline({ date, node, platform, cpus, cpuModel, commit, changed, versions }) {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ');
  const state = `${commit}${changed ? ' with local changes' : ''}`;
  return `${date.slice(0, 10)}, Node ${node}, ${platform}, ${cpus} CPUs (${cpuModel}), commit ${state}; ${peers}. Medians (smallest-largest).`;
}

/** @returns {string} one section for the terminal */
function sectionText({ title, notes, tables, bars }) {
  const width = Math.max(0, ...bars.map(({ text }) => text.length));
  const lines = bars.map((bar) => `  ${verdict(bar).padEnd(12)}  ${bar.text.padEnd(width)}  ${bar.measured} (bar: ${bar.bar})`);
  return ['', `== ${title}`, ...notes, ...tables.map((table) => `\n${toText(table)}`), '', ...lines].join('\n');
}

/** @returns {string} the whole report as Markdown */
function toMarkdownReport(info, sections) {
  const parts = [headline(info)];
  for (const { title, notes, tables, bars } of sections) {
    parts.push(`### ${title}`, ...notes, ...tables.map(toMarkdown));
    if (bars.length === 0) continue;
    const rows = bars.map((bar) => `| ${bar.text} | ${bar.measured} | ${bar.bar} | ${verdict(bar)} |`);
    parts.push(['| what | measured | bar | |', '| --- | --- | --- | --- |', ...rows].join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** How many bars were passed, missed and not measured. */
function count(sections) {
  const bars = sections.flatMap((section) => section.bars);
  const having = (pass) => bars.filter((bar) => bar.pass === pass).length;
  return { passed: having(true), missed: having(false), notMeasured: having(undefined) };
}

/** Says how many bars were passed, and what did not run. @returns {number} the exit code: with `check` a missed bar is one */
function conclude(results, { check }) {
  const sections = results.flatMap((result) => result.sections);
  const broken = results.flatMap((result) => result.broken);
  const { passed, missed, notMeasured } = count(sections);
  const seconds = sections.reduce((sum, section) => sum + section.seconds, 0);
  console.log(`\n${passed} bars passed, ${missed} missed, ${notMeasured} not measured, in ${seconds} s`);
  for (const line of broken) console.log(`broken: ${line}`);
  return broken.length > 0 || (check && missed + notMeasured > 0) ? 1 : 0;
}

module.exports = { conclude, count, environment, headline, sectionText, toMarkdownReport };
