// The functions and groups of a profile, and which functions are worth a look.

import { h, section } from './dom.js';
import { functionAt } from './flame-data.js';
import { count, milliseconds, percent, placeText, shortPlace } from './format.js';
import { table } from './table.js';

const numeric = (title, value, show, more) => ({ title, value, show, numeric: true, ...more });

export function hotSection(profile, id, graph) {
  const items = profile.hot.map(({ f, selfShare, reasons }) => {
    const fn = functionAt(profile, f);
    return h('li', {},
      h('span', { class: 'badge', '--share': String(selfShare) }, percent(selfShare)),
      h('span', { class: 'sentence' },
        h('button', { type: 'button', class: 'link', onclick: () => graph.searchFor(fn.name) }, fn.name), ' ',
        fn.url && h('span', { class: 'place' }, placeText(fn)), h('span', { class: 'reasons' }, `${reasons.join('. ')}.`)));
  });
  return section(id, 'Suspicious functions', items.length > 0
    ? h('ul', { class: 'hot' }, items)
    : h('p', {}, 'No function stands out: none takes 5 % of the active time itself, and V8 gave none up that matters.'));
}

export function functionsSection(profile, id, graph) {
  const suspicious = new Set(profile.hot.map(({ f }) => f));
  const rows = profile.top.map((row) => ({ ...row, fn: functionAt(profile, row.f), hot: suspicious.has(row.f) }));
  const nameCell = ({ fn, hot }) => [
    hot && h('span', { class: 'mark', title: 'suspicious' }, '▲ '),
    h('button', { type: 'button', class: 'link', title: 'Search in the flame graph', onclick: () => graph.searchFor(fn.name) }, fn.name),
  ].filter(Boolean);
  const columns = [
    { title: 'Function', value: ({ fn }) => fn.name, cell: (row) => h('span', {}, nameCell(row)), head: true, kind: 'name' },
    numeric('Self', (row) => row.selfMs, milliseconds, { share: (row) => row.selfShare }),
    numeric('Self share', (row) => row.selfShare, percent),
    numeric('Total', (row) => row.totalMs, milliseconds, { share: (row) => row.totalShare }),
    numeric('Total share', (row) => row.totalShare, percent),
    numeric('Samples', (row) => row.selfHits, count),
    { title: 'Group', value: ({ fn }) => fn.group },
    { title: 'Place', value: ({ fn }) => placeText(fn), cell: ({ fn }) => h('span', { class: 'place', title: placeText(fn) }, shortPlace(fn)) },
  ];
  const text = ({ fn }) => `${fn.name} ${fn.group} ${placeText(fn)}`;
  return section(id, 'Top functions', table({
    caption: 'Functions by the time they took themselves', columns, rows, sorted: 1, text, total: profile.summary.functions,
  }));
}

export function groupsSection(profile, id) {
  const { summary } = profile;
  const columns = [
    { title: 'Group', value: (row) => row.group, head: true, kind: 'name' },
    numeric('Self', (row) => row.selfMs, milliseconds, { share: (row) => row.selfShare }),
    numeric('Self share', (row) => row.selfShare, percent),
    numeric('Total', (row) => row.totalMs, milliseconds),
    numeric('Total share', (row) => row.totalShare, percent),
    numeric('Functions', (row) => row.functions, count),
  ];
  const parts = [
    ['Recorded', summary.durationMs], ['Active', summary.activeMs], ['Idle', summary.idleMs],
    ['Garbage collection', summary.garbageCollectorMs], ['Native code outside JavaScript', summary.programMs],
  ];
  const sums = h('dl', { class: 'facts' },
    parts.map(([name, ms]) => h('div', {}, h('dt', {}, name), h('dd', {}, milliseconds(ms)))),
    h('div', {}, h('dt', {}, 'Samples'), h('dd', {}, count(summary.hits))));
  return section(id, 'Time', sums, table({ caption: 'The program, its packages, Node.js and V8', columns, rows: profile.groups, sorted: 1 }));
}
