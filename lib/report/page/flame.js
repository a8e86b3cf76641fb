// The flame graph of a profile: d3-flame-graph with its controls.

import flamegraph from 'd3-flame-graph';
import { select } from 'd3-selection';
import { checkbox, field, h, section } from './dom.js';
import { flameTree, frameText, kindOf } from './flame-data.js';
import { onFrameKey } from './flame-keys.js';
import { count, milliseconds, percent } from './format.js';

const LEGEND = [
  ['hot', '▲ suspicious'], ['match', 'found'], ['app', 'the program'], ['package', 'packages'], ['node', 'Node.js'],
  ['native', 'native code'], ['gc', 'garbage collection'], ['idle', 'idle'],
];

/** Milliseconds of a zoom. */
const ZOOM_MS = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200;

/** The colour of a frame, by a variable of the style. */
function colorOf({ data, highlight }) {
  if (highlight) return 'var(--flame-match)';
  if (data.hot) return 'var(--flame-hot)';
  return `var(--flame-${data.root ? 'native' : kindOf(data.fn.group)})`;
}

export class FlameGraph {
  constructor(profile, id) {
    this.profile = profile;
    this.view = { inverted: false, idle: false, gc: false };
    this.status = h('p', { class: 'status flame-status', role: 'status' });
    this.chartBox = h('div', { class: 'flame', tabindex: '0', role: 'group', onkeydown: (event) => onFrameKey(event, this),
      'aria-label': 'Flame graph: arrow keys move, Enter zooms in, Escape zooms out. The table of functions has the same numbers.' });
    this.search = field('Search', { type: 'search', oninput: () => this.find() });
    this.found = h('span', { class: 'status', role: 'status' });
    this.inverted = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => this.setView({ inverted: !this.view.inverted }) }, 'Inverted');
    const controls = h('div', { class: 'toolbar' }, this.search.element, this.found,
      h('button', { type: 'button', onclick: () => this.chart.resetZoom() }, 'Reset zoom'), this.inverted,
      checkbox('Idle', (idle) => this.setView({ idle })), checkbox('Garbage collection', (gc) => this.setView({ gc })));
    const legend = h('ul', { class: 'legend' }, LEGEND.map(([kind, text]) => (
      h('li', {}, h('span', { class: 'swatch', '--color': `var(--flame-${kind})` }), text))));
    const lead = 'Each frame is a function, as wide as the time it took with all it called. Click or press Enter to zoom in; '
      + 'inverted, it goes from each function to its callers.';
    this.element = section(id, 'Flame graph', h('p', { class: 'lead' }, lead), controls, this.chartBox, this.status, legend);
    let width = 0;
    new ResizeObserver(() => {
      if (this.chartBox.clientWidth === width) return;
      width = this.chartBox.clientWidth;
      this.draw();
    }).observe(this.chartBox);
  }

  /** Draws the chart anew: the tree is another one, or the width is. */
  draw() {
    this.chart?.destroy();
    const { summary } = this.profile;
    const tree = flameTree(this.profile, this.view);
    this.chart = flamegraph().width(this.chartBox.clientWidth).cellHeight(19).minFrameSize(1).transitionDuration(0)
      .inverted(this.view.inverted).resetHeightOnZoom(true).sort(false)
      .setColorMapper((frame) => colorOf(frame))
      .setLabelHandler((frame) => frameText(frame.data, summary))
      .setDetailsHandler((text) => { this.status.textContent = text ?? this.shownText(); })
      .setSearchMatch(({ data }, term) => !data.root && `${data.fn.name} ${data.fn.url} ${data.fn.group}`.toLowerCase().includes(term))
      .setSearchHandler((frames) => this.tellFound(frames))
      .onClick((frame) => this.pointAt(frame));
    select(this.chartBox).datum(tree).call(this.chart);
    this.chart.transitionDuration(ZOOM_MS);
    this.root = select(this.chartBox).datum();
    this.pointAt(this.root);
    if (!this.view.inverted) this.chartBox.scrollTop = this.chartBox.scrollHeight;
    if (this.search.input.value) this.find();
  }

  shownText() {
    return frameText(this.cursor.data, this.profile.summary);
  }

  setView(changed) {
    Object.assign(this.view, changed);
    this.inverted.setAttribute('aria-pressed', String(this.view.inverted));
    this.draw();
  }

  /** Zooms to a frame; to the root shows all. */
  zoomTo(frame) {
    this.chart.zoomTo(frame);
  }

  /** Makes a frame the one that keys start from. */
  pointAt(frame) {
    this.cursor = frame;
    select(this.chartBox).selectAll('g.frame').classed('cursor', (other) => other === frame);
    this.status.textContent = this.shownText();
  }

  /** Searches for a text, as if it had been typed. */
  searchFor(text) {
    this.search.input.value = text;
    this.find();
    this.element.scrollIntoView();
    this.search.input.focus();
  }

  find() {
    const term = this.search.input.value.trim().toLowerCase();
    if (term) {
      this.chart.search(term);
      return;
    }
    this.chart.clear();
    this.found.textContent = '';
    this.pointAt(this.cursor);
  }

  /** Counts each stack once, however many of its frames were found. */
  tellFound(frames) {
    const all = new Set(frames);
    const outermost = frames.filter((frame) => !frame.ancestors().slice(1).some((above) => all.has(above)));
    const sum = outermost.reduce((ms, frame) => ms + frame.data.value, 0);
    const share = percent(sum / Math.max(this.root.data.value, Number.MIN_VALUE));
    this.found.textContent = frames.length === 0 ? 'nothing found'
      : `${count(frames.length)} frames, ${milliseconds(sum)}, ${share} of what is drawn`;
  }
}
