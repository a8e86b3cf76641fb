// What the heap is made of: classes, what changed, equal strings, statistics.

import { h, section } from './dom.js';
import { bytes, bytesDelta, count, countDelta, percent, placeText, shortPlace } from './format.js';
import { table } from './table.js';

const placeCell = (row) => (row.place ? h('span', { class: 'place', title: placeText(row.place) }, shortPlace(row.place)) : '');
const nameOf = (row) => row.name || '(no name)';
const searched = (row) => `${row.name} ${placeText(row.place)}`;

const name = { title: 'Class', value: nameOf, head: true, kind: 'name' };
const place = { title: 'Place', value: (row) => placeText(row.place), cell: placeCell };
const numeric = (title, value, show, more) => ({ title, value, show, numeric: true, ...more });

export function classesSection({ classes, snapshots }) {
  const { totalSize, classes: total } = snapshots.at(-1);
  const columns = [
    name,
    numeric('Objects', (row) => row.count, count),
    numeric('Shallow size', (row) => row.shallowSize, bytes),
    numeric('Retained size', (row) => row.retainedSize, bytes, { share: (row) => row.retainedSize / totalSize }),
    numeric('Of the heap', (row) => row.retainedSize / totalSize, percent),
    numeric('Distance', (row) => row.distance, (value) => (value >= 1e8 ? '–' : count(value))),
    place,
  ];
  return section('classes', 'Classes', table({ caption: 'Classes by retained size', columns, rows: classes, sorted: 3, text: searched, total }));
}

function grownTable(grown) {
  const columns = [
    { ...name, title: 'Container' },
    { title: 'Id', value: (row) => row.id, show: (id) => `@${id}`, numeric: true },
    numeric('Growth', (row) => row.growth, bytesDelta),
    numeric('Retained size', (row) => row.retainedSize, bytes),
    numeric('References before', (row) => row.baseElements, count),
    numeric('After', (row) => row.elements, count),
    place,
  ];
  return table({ caption: 'Containers that hold more than before', columns, rows: grown, sorted: 2, text: searched });
}

export function comparisonSection({ comparison, snapshots }) {
  const { rows, grown, rowCount, baseTotalSize, totalSize, baseNativeSize, nativeSize, matchedBy } = comparison;
  const columns = [
    name,
    numeric('New', (row) => row.addedCount, count),
    numeric('Deleted', (row) => row.removedCount, count),
    numeric('Count delta', (row) => row.countDelta, countDelta),
    numeric('Allocated', (row) => row.addedSize, bytes),
    numeric('Freed', (row) => row.removedSize, bytes),
    numeric('Size delta', (row) => row.sizeDelta, bytesDelta),
    place,
  ];
  const verb = totalSize >= baseTotalSize ? 'grew' : 'shrank';
  const sentence = `From ${snapshots[0].name} to ${snapshots.at(-1).name} the heap ${verb} from ${bytes(baseTotalSize)} to `
    + `${bytes(totalSize)} (${bytesDelta(totalSize - baseTotalSize)}), of it off the JavaScript heap from ${bytes(baseNativeSize)} to `
    + `${bytes(nativeSize)} (${bytesDelta(nativeSize - baseNativeSize)}).`;
  const byShape = 'Object ids of the two do not match (different processes, or forked without stableIds): classes were matched by name and place, and only differences are told.';
  return section('comparison', 'Comparison',
    h('p', { class: 'lead' }, sentence, matchedBy === 'shape' && ` ${byShape}`),
    grown.length > 0 && grownTable(grown),
    table({ caption: 'Classes with new or deleted objects', columns, rows, sorted: 6, text: searched, total: rowCount }));
}

export function stringsSection({ strings }) {
  const columns = [
    { title: 'Text', value: (row) => row.text, cell: (row) => h('code', { class: 'line', title: row.text }, JSON.stringify(row.text)), head: true, kind: 'name' },
    numeric('Copies', (row) => row.count, count),
    numeric('Shallow size', (row) => row.shallowSize, bytes),
    numeric('Retained size', (row) => row.retainedSize, bytes),
  ];
  return section('strings', 'Duplicated strings', strings.length > 0
    ? table({ caption: 'The biggest groups of equal strings', columns, rows: strings, sorted: 3, text: (row) => row.text })
    : h('p', {}, 'No string is in the heap more than once.'));
}

/** Kinds of memory, with their colours. */
const KINDS = [
  ['Code', 'code', ({ v8heap }) => v8heap.code],
  ['Strings', 'string', ({ v8heap }) => v8heap.strings],
  ['JavaScript arrays', 'array', ({ v8heap }) => v8heap.jsArrays],
  ['Typed arrays', 'native', ({ native }) => native.typedArrays],
  ['V8 itself', 'system', ({ v8heap }) => v8heap.system],
  ['Other native memory', 'other', ({ native }) => native.total - native.typedArrays],
];

export function statisticsSection({ statistics, snapshots }) {
  const { total } = statistics;
  const known = KINDS.map(([title, kind, of]) => ({ title, kind, size: of(statistics) }));
  const rest = Math.max(0, total - known.reduce((sum, { size }) => sum + size, 0));
  const all = [...known, { title: 'Other JavaScript objects', kind: 'object', size: rest }].sort((a, b) => b.size - a.size);
  const shown = all.filter(({ size }) => size > 0);
  const bar = h('div', { class: 'stack', 'aria-hidden': 'true' },
    shown.map(({ kind, size, title }) => h('span', { class: `kind-${kind}`, '--part': String(size), title: `${title}: ${bytes(size)}` })));
  const rows = shown.map(({ title, kind, size }) => h('tr', {},
    h('th', { scope: 'row' }, h('span', { class: `swatch kind-${kind}` }), title),
    h('td', { class: 'number' }, bytes(size)), h('td', { class: 'number' }, percent(size / Math.max(1, total)))));
  const history = snapshots.map((snapshot) => h('tr', {},
    h('th', { scope: 'row', class: 'name' }, snapshot.name),
    h('td', { class: 'number' }, bytes(snapshot.totalSize)),
    ...['nodes', 'edges', 'classes'].map((key) => h('td', { class: 'number' }, count(snapshot[key])))));
  const heads = ['Snapshot', 'Size', 'Objects', 'References', 'Classes'];
  return section('statistics', 'Statistics', bar, h('div', { class: 'columns' },
    h('table', { class: 'small' }, h('caption', {}, `Memory by kind, ${bytes(total)} in all`), h('tbody', {}, rows)),
    h('table', { class: 'small' }, h('caption', {}, 'Snapshots'),
      h('thead', {}, h('tr', {}, heads.map((head, index) => h('th', { scope: 'col', class: index > 0 ? 'number' : null }, head)))),
      h('tbody', {}, history))));
}
