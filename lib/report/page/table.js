// A table that can be sorted by each column and filtered by text.

import { field, h } from './dom.js';
import { count } from './format.js';

/** How many rows are shown at a time. */
const PAGE = 20;

function compared(a, b) {
  return typeof a === 'string' ? a.localeCompare(b) : a - b;
}

/** A cell; `share`, from 0 to 1, is drawn as a bar behind it. */
function cell(column, row) {
  const content = column.cell ? column.cell(row) : column.show ? column.show(column.value(row)) : column.value(row);
  const share = column.share?.(row);
  const kind = [column.numeric && 'number', share !== undefined && 'bar', column.kind].filter(Boolean).join(' ');
  const attributes = { class: kind || null, '--share': share === undefined ? null : String(Math.max(0, Math.min(1, share))) };
  return column.head ? h('th', { scope: 'row', ...attributes }, content) : h('td', attributes, content);
}

/**
 * @param {object} options
 * @param {string} options.caption what is in it
 * @param {{ title: string, value: (row) => number | string, show?: Function, cell?: Function, numeric?: boolean,
 *   share?: Function, head?: boolean, kind?: string }[]} options.columns
 * @param {object[]} options.rows
 * @param {number} options.sorted the column that they are sorted by, falling
 * @param {(row) => string} [options.text] what the filter looks at; without it there is no filter
 * @param {number} [options.total] how many there were, when some were left out
 */
export function table({ caption, columns, rows, sorted, text, total = rows.length }) {
  const state = { column: sorted, descending: true, term: '', shown: PAGE };
  const body = h('tbody');
  const status = h('span', { class: 'status', role: 'status' });
  const more = h('button', { type: 'button', onclick: () => { state.shown += PAGE * 5; draw(); } });
  const heads = columns.map((column, index) => h('th', { scope: 'col', class: column.numeric ? 'number' : null },
    h('button', { type: 'button', class: 'sort', onclick: () => sortBy(index) }, column.title)));

  function sortBy(index) {
    state.descending = state.column === index ? !state.descending : columns[index].numeric === true;
    state.column = index;
    draw();
  }

  function draw() {
    const found = text ? rows.filter((row) => text(row).toLowerCase().includes(state.term)) : [...rows];
    const { value } = columns[state.column];
    found.sort((a, b) => (state.descending ? compared(value(b), value(a)) : compared(value(a), value(b))));
    body.replaceChildren(...found.slice(0, state.shown).map((row) => h('tr', {}, columns.map((column) => cell(column, row)))));
    heads.forEach((head, index) => {
      head.setAttribute('aria-sort', index !== state.column ? 'none' : state.descending ? 'descending' : 'ascending');
    });
    more.hidden = found.length <= state.shown;
    more.textContent = `Show more (${count(found.length - state.shown)} left)`;
    const kept = total > rows.length ? `, the first of ${count(total)}` : '';
    status.textContent = `${count(found.length)} of ${count(rows.length)} rows${kept}`;
  }

  const bar = [];
  if (text) {
    const filter = field('Filter', { type: 'search', oninput: () => {
      state.term = filter.input.value.trim().toLowerCase();
      state.shown = PAGE;
      draw();
    } });
    bar.push(filter.element);
  }
  draw();
  return h('div', { class: 'table' },
    h('div', { class: 'toolbar' }, bar, status),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
      h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, heads)), body)),
    more);
}
