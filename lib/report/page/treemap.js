// The dominator tree as a treemap: what lies in a tile would be freed with it.

import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { h, section } from './dom.js';
import { bytes, count, percent } from './format.js';
import { onTileKey } from './treemap-keys.js';

const HEIGHT = 460;
/** Levels below the zoomed object that are drawn. */
const LEVELS = 6;
/** Smaller tiles could be neither read nor hit. */
const LEAST_WIDTH = 6;
const LEAST_HEIGHT = 6;
/** From here on a tile has a name, and room for what is in it. */
const NAMED_WIDTH = 34;
const NAMED_HEIGHT = 15;
const HEAD = 17;

/** V8's types that have a colour of their own. */
const TYPES = new Map([
  ['object', 'object'], ['closure', 'closure'], ['array', 'array'], ['string', 'string'], ['concatenated string', 'string'],
  ['sliced string', 'string'], ['code', 'code'], ['native', 'native'],
]);
const LEGEND = [
  ['object', 'objects'], ['array', 'arrays'], ['string', 'strings'], ['closure', 'functions'], ['code', 'code'],
  ['native', 'native memory'], ['system', 'V8 itself'],
];

export const labelOf = (node) => node.n || `(${node.t})`;

/** What a node has beside its children, as a child: else the children would fill it. */
function childrenOf(node, depth) {
  if (!node.c || depth >= LEVELS) return [];
  const own = node.r - node.c.reduce((sum, child) => sum + child.r, 0);
  return own > 0 ? [...node.c, { rest: true, r: own, n: 'own, and smaller ones', t: 'rest' }] : node.c;
}

function withChildren(node, depth = 0) {
  return { node, children: childrenOf(node, depth).map((child) => withChildren(child, depth + 1)) };
}

/** Places of the tiles, the zoomed object first. */
function layOut(node, width) {
  const root = hierarchy(withChildren(node)).sum((item) => (item.children.length > 0 ? 0 : item.node.r));
  treemap().tile(treemapSquarify).size([width, HEIGHT]).round(true).paddingInner(2)
    .paddingOuter((item) => (item.x1 - item.x0 > 20 ? 3 : 0))
    .paddingTop((item) => (item.depth > 0 && item.y1 - item.y0 > HEAD + 8 ? HEAD : 2))(root);
  return root;
}

class Treemap {
  constructor(tree, suspects) {
    this.trail = [tree];
    this.total = tree.r;
    this.suspects = new Set(suspects.map(({ id }) => id));
    this.crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Way to the object that is shown' });
    this.status = h('p', { class: 'status', role: 'status' });
    this.map = h('div', { class: 'treemap', role: 'group', 'aria-label': 'Treemap: arrow keys move, Enter zooms in, Escape zooms out' });
    this.map.addEventListener('keydown', (event) => onTileKey(event, this));
    this.list = h('tbody');
    this.element = h('div', {}, this.crumbs, this.map, this.status, this.legend(), this.asTable());
    let width = 0;
    new ResizeObserver(() => {
      if (this.map.clientWidth !== width) {
        width = this.map.clientWidth;
        this.draw();
      }
    }).observe(this.map);
  }

  get shown() {
    return this.trail.at(-1);
  }

  legend() {
    const items = LEGEND.map(([kind, text]) => h('li', {}, h('span', { class: `swatch kind-${kind}` }), text));
    return h('ul', { class: 'legend' }, items, h('li', {}, h('span', { class: 'swatch marked' }), 'leak suspect'));
  }

  asTable() {
    const head = ['Object', 'Id', 'Type', 'Retained', 'Of the heap', 'Own size', 'Dominates'];
    return h('details', { class: 'alternative' }, h('summary', {}, 'The same as a table'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Treemap as a table' },
      h('table', { class: 'small' }, h('thead', {}, h('tr', {}, head.map((title) => h('th', { scope: 'col' }, title)))), this.list)));
  }

  textOf(node) {
    const share = percent(node.r / this.total);
    return node.rest ? `${bytes(node.r)}, ${share}: ${node.n}`
      : `${labelOf(node)} @${node.i}, ${node.t}: retains ${bytes(node.r)}, ${share} of the heap; ${bytes(node.s)} of its own`;
  }

  /** Shows what a node dominates; `trail` leads to it. */
  zoom(trail) {
    this.trail = trail;
    this.draw();
    this.map.querySelector('.tile')?.focus();
  }

  zoomOut() {
    if (this.trail.length > 1) this.zoom(this.trail.slice(0, -1));
  }

  draw() {
    const root = layOut(this.shown, this.map.clientWidth);
    const tiles = root.descendants().slice(1).filter((item) => item.x1 - item.x0 >= LEAST_WIDTH && item.y1 - item.y0 >= LEAST_HEIGHT);
    this.map.style.height = `${HEIGHT}px`;
    this.map.replaceChildren(...tiles.map((item, index) => this.tile(item, index === 0)));
    if (tiles.length === 0) this.map.append(h('p', { class: 'empty' }, 'Nothing below this is big enough to be drawn.'));
    this.status.textContent = this.textOf(this.shown);
    this.drawCrumbs();
    this.list.replaceChildren(...(this.shown.c ?? []).slice(0, 100).map((node) => this.row(node)));
  }

  tile(item, first) {
    const { node } = item.data;
    const [width, height] = [item.x1 - item.x0, item.y1 - item.y0];
    const trail = [...this.trail, ...item.ancestors().reverse().slice(1).map((above) => above.data.node)];
    const classes = ['tile', node.rest ? 'rest' : `kind-${TYPES.get(node.t) ?? 'system'}`, item.children && 'outer', this.suspects.has(node.i) && 'marked'];
    const tile = h('button', {
      type: 'button',
      class: classes.filter(Boolean).join(' '),
      tabindex: first ? '0' : '-1',
      'aria-label': this.textOf(node),
      title: this.textOf(node),
      onclick: () => { if (node.c) this.zoom(trail); },
      onfocus: () => this.point(tile, node),
      onmouseenter: () => { this.status.textContent = this.textOf(node); },
    }, width >= NAMED_WIDTH && height >= NAMED_HEIGHT && `${labelOf(node)} ${width > 120 ? bytes(node.r) : ''}`);
    Object.assign(tile.style, { left: `${item.x0}px`, top: `${item.y0}px`, width: `${width}px`, height: `${height}px` });
    return tile;
  }

  /** Of all tiles one can be reached with Tab: the one that had the focus last. */
  point(tile, node) {
    for (const other of this.map.querySelectorAll('.tile[tabindex="0"]')) other.tabIndex = -1;
    tile.tabIndex = 0;
    this.status.textContent = this.textOf(node);
  }

  drawCrumbs() {
    this.crumbs.replaceChildren(h('ol', {}, this.trail.map((node, index) => {
      const name = index === 0 ? 'The whole heap' : labelOf(node);
      const last = index === this.trail.length - 1;
      return h('li', {}, h('button', { type: 'button', 'aria-current': last ? 'true' : null, onclick: () => this.zoom(this.trail.slice(0, index + 1)) }, name));
    })));
  }

  row(node) {
    const open = node.c
      ? h('button', { type: 'button', class: 'link', onclick: () => this.zoom([...this.trail, node]) }, labelOf(node))
      : labelOf(node);
    const numbers = [bytes(node.r), percent(node.r / this.total), bytes(node.s), count(node.d)];
    return h('tr', {}, h('th', { scope: 'row', class: 'name' }, open), h('td', {}, `@${node.i}`), h('td', {}, node.t),
      numbers.map((text) => h('td', { class: 'number' }, text)));
  }
}

export function treemapSection({ tree, suspects }) {
  const lead = 'Each tile is an object with all that would be freed with it. Click or press Enter to zoom in, Escape to zoom out.';
  return section('treemap', 'Dominator tree', h('p', { class: 'lead' }, lead), new Treemap(tree, suspects).element);
}
