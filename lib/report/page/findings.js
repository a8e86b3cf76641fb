// What is wrong, in whole sentences, before anything else.

import { h } from './dom.js';
import { functionAt } from './flame-data.js';
import { bytes, bytesDelta, milliseconds, percent, placeText } from './format.js';
import { suspectId } from './suspects.js';

/** So many of each kind; the sections have all. */
const MOST = 5;

/** Opens what a link goes to, when it is folded. */
function openTarget(id) {
  const target = document.getElementById(id);
  if (target?.tagName === 'DETAILS') target.open = true;
}

function finding(kind, share, text, target) {
  return h('li', { class: kind }, h('span', { class: 'badge', '--share': String(share) }, percent(share)),
    h('a', { href: `#${target}`, onclick: () => openTarget(target) }, text));
}

function rest(all, target, what) {
  return all.length > MOST && h('li', { class: 'rest' }, h('a', { href: `#${target}` }, `and ${all.length - MOST} more ${what}`));
}

function heapFindings({ suspects }) {
  const first = suspects.slice(0, MOST);
  return [...first.map((suspect, index) => finding('leak', suspect.share, suspect.sentence, suspectId(index))), rest(suspects, 'suspects', 'suspects')];
}

function cpuFindings(profile, prefix, several) {
  const first = profile.hot.slice(0, MOST).map(({ f, selfShare, reasons }) => {
    const fn = functionAt(profile, f);
    const place = placeText(fn);
    const from = several ? ` [${profile.name}]` : '';
    return finding('hot', selfShare, `${fn.name}${place && ` (${place})`}: ${reasons.join('; ')}.${from}`, `${prefix}hot`);
  });
  return [...first, rest(profile.hot, `${prefix}hot`, 'suspicious functions')];
}

function heapNumbers({ snapshots }) {
  const [base, last] = [snapshots[0], snapshots.at(-1)];
  const growth = snapshots.length > 1 ? `${bytesDelta(last.totalSize - base.totalSize)} since ${base.name}` : `${last.name}`;
  return [['Heap', bytes(last.totalSize), growth]];
}

function cpuNumbers({ name, summary }) {
  const gc = percent(summary.garbageCollectorMs / Math.max(summary.activeMs, Number.MIN_VALUE));
  return [['Active CPU time', milliseconds(summary.activeMs), `of ${milliseconds(summary.durationMs)}, ${gc} in the garbage collector, ${name}`]];
}

/** The findings and the sums. `prefixOf` gives the ids of a profile's sections their beginning. */
export function findingsSection({ heap, cpu }, prefixOf) {
  const found = [heap ? heapFindings(heap) : [], ...cpu.map((profile, index) => cpuFindings(profile, prefixOf(index), cpu.length > 1))].flat();
  const numbers = [heap ? heapNumbers(heap) : [], ...cpu.map(cpuNumbers)].flat();
  const items = found.filter(Boolean);
  return h('section', { id: 'findings', class: 'card findings', 'aria-labelledby': 'findings-title', tabindex: '-1' },
    h('h2', { id: 'findings-title' }, items.length > 0 ? 'What was found' : 'Nothing was found'),
    h('div', { class: 'numbers' }, numbers.map(([title, value, more]) => h('div', {},
      h('span', { class: 'dim' }, title), h('strong', {}, value), h('span', { class: 'dim' }, more)))),
    items.length > 0
      ? h('ol', {}, items)
      : h('p', {}, 'No container holds an unusual part of the heap, and no function an unusual part of the time.'));
}
