// Builds the page from the data that stands in it.

import { functionsSection, groupsSection, hotSection } from './cpu-tables.js';
import { h } from './dom.js';
import { findingsSection } from './findings.js';
import { FlameGraph } from './flame.js';
import { bytes } from './format.js';
import { classesSection, comparisonSection, statisticsSection, stringsSection } from './heap-tables.js';
import { suspectsSection } from './suspects.js';
import { treemapSection } from './treemap.js';

const data = JSON.parse(document.getElementById('data').textContent);

const prefixOf = (index) => `cpu-${index + 1}-`;

/** Sections with what they are about. */
function chapters() {
  const made = [];
  if (data.heap) {
    const { heap } = data;
    made.push([`Heap: ${heap.snapshots.at(-1).name}`, [
      suspectsSection(heap),
      heap.comparison && comparisonSection(heap),
      treemapSection(heap),
      classesSection(heap),
      stringsSection(heap),
      statisticsSection(heap),
    ].filter(Boolean)]);
  }
  data.cpu.forEach((profile, index) => {
    const prefix = prefixOf(index);
    const graph = new FlameGraph(profile, `${prefix}flame`);
    made.push([`CPU: ${profile.name}`, [
      hotSection(profile, `${prefix}hot`, graph),
      graph.element,
      functionsSection(profile, `${prefix}functions`, graph),
      groupsSection(profile, `${prefix}time`),
    ]]);
  });
  return made;
}

/** Light, dark, or as the system has it. */
function themeSwitch() {
  const names = ['As the system', 'Light', 'Dark'];
  const select = h('select', { id: 'theme', onchange: () => {
    document.documentElement.dataset.theme = ['', 'light', 'dark'][select.selectedIndex];
  } }, names.map((name) => h('option', {}, name)));
  return h('span', { class: 'field' }, h('label', { for: 'theme' }, 'Colours'), select);
}

function header() {
  const files = data.files.map(({ name, kind, bytes: size }) => h('li', {},
    h('strong', {}, name), ` ${kind === 'heap' ? 'heap snapshot' : 'CPU profile'}, ${bytes(size)}`));
  return h('header', {},
    h('div', {}, h('h1', {}, data.title), h('ul', { class: 'files' }, files,
      h('li', { class: 'dim' }, h('time', { datetime: data.made }, new Date(data.made).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' }))))),
    themeSwitch());
}

function navigation(all) {
  const link = (id, title) => h('li', {}, h('a', { href: `#${id}` }, title));
  return h('nav', { class: 'contents', 'aria-label': 'Contents' }, h('ul', {}, link('findings', 'Findings')),
    all.map(([title, sections]) => [h('h2', { title }, title), h('ul', {}, sections.map((item) => link(item.id, item.dataset.title)))]));
}

/** Tells the navigation which section is being read. */
function followReading(nav) {
  const links = new Map([...nav.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute('aria-current');
      links.get(target.id).setAttribute('aria-current', 'true');
    }
  }, { rootMargin: '-10% 0px -80% 0px' });
  for (const id of links.keys()) seen.observe(document.getElementById(id));
}

const all = chapters();
const nav = navigation(all);
document.title = data.title;
document.getElementById('app').replaceChildren(header(), h('div', { class: 'body' }, nav, h('main', {},
  findingsSection(data, prefixOf),
  all.map(([title, sections]) => [h('h2', { class: 'chapter' }, title), sections]))));
followReading(nav);
document.documentElement.dataset.ready = 'true';
