'use strict';

/**
 * The longest stops as a picture: an SVG for a README, with both axes logarithmic, legible on light and dark paper.
 *
 * One panel for every version of Node; the lines join medians, the bars through the points show the smallest and the largest.
 */

const { PAUSE_FORMS } = require('./pause-forms');
const { summary } = require('./statistics');

const PANEL = Object.freeze({ width: 330, height: 250, left: 64, top: 64, gap: 24, right: 206, bottom: 56 });
/** Where the title has room. */
const TITLE_WIDTH = 920;
/** Colours that are told apart on white and on black, and by most eyes; light paper first. */
const COLOURS = Object.freeze({
  ours: ['#0b6bcb', '#5aa9ff'],
  fork: ['#57606a', '#9aa4af'],
  v8: ['#c2410c', '#ff9b5e'],
  vpn: ['#7c3aed', '#b79bff'],
  heapdump: ['#4d7c0f', '#a3cf5c'],
});
/** Below a tenth of a millisecond a 1 ms timer says nothing. */
const LEAST_MS = 0.1;

/** Medians by Node, form and size: `[{ node, series: [{ key, label, points: [{ megabytes, median, min, max }] }] }]`. */
function seriesOf(results) {
  const nodes = [...new Set(results.map(({ environment }) => environment.node))];
  return nodes.map((node) => {
    const sections = results.filter(({ environment }) => environment.node === node).flatMap((result) => result.sections);
    const measured = sections.flatMap((section) => section.measured).filter(({ kind }) => kind === 'idle');
    const series = Object.keys(COLOURS).map((key) => {
      const points = measured.flatMap(({ megabytes, rows }) => {
        const found = rows[key] && summary(rows[key].results.map(({ stopMs }) => stopMs));
        return found ? [{ megabytes, ...found }] : [];
      });
      return { key, label: PAUSE_FORMS[key].label, points: points.sort((a, b) => a.megabytes - b.megabytes) };
    });
    return { node, series: series.filter(({ points }) => points.length > 0) };
  }).filter(({ series }) => series.length > 0);
}

/** Whole powers of ten around the values. */
function decades(values) {
  const logs = values.map((value) => Math.log10(Math.max(value, LEAST_MS)));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  return { low, high: Math.max(high, low + 1) };
}

/** @param {number} ms @param {boolean} [round] a power of ten, which is not so in minutes */
function duration(ms, round = false) {
  if (ms >= 60000 && !round) return `${Number((ms / 60000).toPrecision(2))} min`;
  if (ms >= 1000) return `${Number((ms / 1000).toPrecision(2))} s`;
  return `${Number(ms.toPrecision(2))} ms`;
}

const fixed = (number) => Number(number.toFixed(1));

function line(x1, y1, x2, y2, name) {
  return `<line class="${name}" x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"/>`;
}

function text(x, y, words, { name = 'small', anchor = 'middle' } = {}) {
  const safe = words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text class="${name}" x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${safe}</text>`;
}

function axes(sizes, { low, high }, x, y, { left, right, bottom, first }) {
  const parts = [];
  for (let power = low; power <= high; power++) {
    parts.push(line(left, y(10 ** power), right, y(10 ** power), 'grid'));
    if (first) parts.push(text(left - 8, y(10 ** power) + 4, duration(10 ** power, true), { anchor: 'end' }));
  }
  for (const size of sizes) {
    parts.push(line(x(size), bottom, x(size), bottom + 4, 'axis'), text(x(size), bottom + 18, size >= 1000 ? `${size / 1000} GB` : `${size} MB`));
  }
  return [...parts, line(left, bottom, right, bottom, 'axis')];
}

function curve({ key, points }, x, y) {
  const at = points.map(({ megabytes, median }) => `${fixed(x(megabytes))},${fixed(y(median))}`).join(' ');
  const marks = points.flatMap(({ megabytes, median, min, max }) => [
    ...(min < max ? [line(x(megabytes), y(min), x(megabytes), y(max), `${key} line`)] : []),
    `<circle class="${key} dot" cx="${fixed(x(megabytes))}" cy="${fixed(y(median))}" r="3.5"/>`,
  ]);
  return [`<polyline class="${key} line" points="${at}"/>`, ...marks];
}

/** Where the names of the lines stand: beside their ends, but not upon one another. */
function spreadOut(wanted, apart) {
  const order = wanted.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  for (let n = 1; n < order.length; n++) order[n].value = Math.max(order[n].value, order[n - 1].value + apart);
  const over = wanted.length > 0 ? Math.max(0, order[order.length - 1].value - Math.max(...wanted)) / 2 : 0;
  const places = [];
  for (const { value, i } of order) places[i] = value - over;
  return places;
}

function legend(series, y, x) {
  const ends = series.map(({ points }) => points[points.length - 1].median);
  const places = spreadOut(ends.map((value) => y(value) + 4), 28);
  return series.flatMap(({ key, label, points }, i) => {
    const { megabytes, median } = points[points.length - 1];
    return [
      text(x, places[i], label, { name: `${key} name`, anchor: 'start' }),
      text(x, places[i] + 13, `${duration(median)} at ${megabytes >= 1000 ? `${megabytes / 1000} GB` : `${megabytes} MB`}`, { anchor: 'start' }),
    ];
  });
}

function panel({ node, series }, number, scale) {
  const left = PANEL.left + number * (PANEL.width + PANEL.right + PANEL.gap);
  const [right, top, bottom] = [left + PANEL.width, PANEL.top, PANEL.top + PANEL.height];
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(({ megabytes }) => megabytes)))].sort((a, b) => a - b);
  const logs = sizes.map(Math.log10);
  const [from, to] = [logs[0], logs[logs.length - 1]];
  const inset = 16;
  const x = (size) => (from === to ? (left + right) / 2 : left + inset + (Math.log10(size) - from) / (to - from) * (right - left - 2 * inset));
  const y = (ms) => bottom - (Math.log10(Math.max(ms, LEAST_MS)) - scale.low) / (scale.high - scale.low) * (bottom - top);
  return [
    text(left, top - 14, `Node ${node}`, { name: 'name', anchor: 'start' }),
    ...axes(sizes, scale, x, y, { left, right, bottom, first: number === 0 }),
    ...series.flatMap((each) => curve(each, x, y)),
    ...legend(series, y, right + 8),
  ];
}

/** The rules of one colour scheme. No variables: not every viewer of pictures knows them. */
function colours(paper, ink, faint, which) {
  const own = Object.entries(COLOURS).map(([key, pair]) => `.${key}{fill:${pair[which]}}.${key}.line{stroke:${pair[which]};fill:none}`);
  return `.paper{fill:${paper}}text{fill:${ink}}.axis{stroke:${ink}}.grid{stroke:${faint}}.dot{stroke:${paper}}${own.join('')}`;
}

function style() {
  return `<style>
text{font-family:-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.title{font-size:16px;font-weight:600}.name{font-size:13px;font-weight:600}.small{font-size:11px}.line{stroke-width:2}
${colours('#fff', '#1f2328', '#d8dee4', 0)}
@media(prefers-color-scheme:dark){${colours('#0d1117', '#e6edf3', '#30363d', 1)}}
</style>`;
}

/**
 * @param {object[]} results of runs, as benchmark/pause.js makes them
 * @returns {string} an SVG
 */
function plotPauses(results) {
  const panels = seriesOf(results);
  const points = panels.flatMap(({ series }) => series.flatMap((each) => each.points));
  const width = Math.max(TITLE_WIDTH, PANEL.left + panels.length * (PANEL.width + PANEL.right + PANEL.gap) - PANEL.gap);
  const height = PANEL.top + PANEL.height + PANEL.bottom;
  const words = 'How long a service stands still for a heap snapshot, by size of its heap';
  const scale = points.length === 0 ? { low: 0, high: 1 } : decades(points.flatMap(({ min, max }) => [min, max]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${words}">`,
    `<title>${words}</title>`,
    style(),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    text(16, 26, `${words} (longest stop, log scale)`, { name: 'title', anchor: 'start' }),
    ...panels.flatMap((each, i) => panel(each, i, scale)),
    text(16, height - 10, 'Median, and smallest to largest, of alternating runs; see benchmark/PAUSES.md.', { anchor: 'start' }),
    '</svg>\n',
  ].join('\n');
}

module.exports = { plotPauses };
