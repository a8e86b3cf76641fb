// Leak suspects, each with its numbers and the way to it from the roots.

import { facts, h, section } from './dom.js';
import { bytes, bytesDelta, count, percent, placeText } from './format.js';

/** An edge as a program would write it. */
function edgeText({ edgeType, edgeName }) {
  if (edgeType === 'element') return `[${edgeName}]`;
  if (edgeType === 'context') return `variable ${edgeName}`;
  if (edgeType === 'property') return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(edgeName) ? `.${edgeName}` : `[${JSON.stringify(edgeName)}]`;
  return `${edgeName} (${edgeType})`;
}

const idText = (id) => `@${id}`;

/** The way from the roots: which object holds the next one, and by what. */
function pathList(suspect) {
  const steps = suspect.path.map((step) => h('li', {},
    h('span', { class: 'object' }, step.name || '(no name)'), ' ',
    step.id !== null && h('span', { class: 'dim' }, idText(step.id)), ' ',
    step.id !== null && h('code', { class: `edge ${step.edgeType}` }, edgeText(step)),
    step.place && h('span', { class: 'place' }, placeText(step.place))));
  return h('ol', { class: 'path', 'aria-label': 'Retaining path, from the roots' }, steps,
    h('li', { class: 'target' }, h('span', { class: 'object' }, `the ${suspect.container}`), ' ',
      h('span', { class: 'dim' }, idText(suspect.id)), ` retains ${bytes(suspect.retainedSize)}`));
}

function growthText({ baseRetainedSize, baseElements, elements, foundBy }, retainedSize) {
  const how = foundBy === 'path' ? ' (ids do not match: compared with what the same path leads to)' : '';
  return `${bytesDelta(retainedSize - baseRetainedSize)}, from ${count(baseElements)} to ${count(elements)} references${how}`;
}

function factsOf(suspect) {
  const { accumulated, duplicates, growth } = suspect;
  return facts([
    ['Container', `${suspect.container} ${idText(suspect.id)}`],
    ['Retained', `${bytes(suspect.retainedSize)}, ${percent(suspect.share)} of the heap`],
    ['In', suspect.holder && placeText(suspect.holder)],
    ['Allocated by', accumulated.allocatedBy && `${accumulated.allocatedBy.functionName || '(anonymous)'} (${accumulated.allocatedBy.url}:${accumulated.allocatedBy.lineNumber})`],
    ['Held elsewhere', suspect.shared ? 'what accumulates is held by something else as well' : null],
    ['Off the JavaScript heap', suspect.offHeapSize > 0 ? bytes(suspect.offHeapSize) : null],
    ['Since the base', growth && growthText(growth, suspect.retainedSize)],
    ['Accumulated', `${count(accumulated.count)} × ${accumulated.className}, ${bytes(accumulated.retainedSize)}${accumulated.parts > 0 ? `, in ${count(accumulated.parts)} containers` : ''}`],
    ['They come from', accumulated.place && placeText(accumulated.place)],
    ['Keys', suspect.keys && { timestamps: 'points in time', consecutive: 'count up' }[suspect.keys]],
    ['Equal ones', duplicates && `${count(duplicates.count)} × ${duplicates.text}`],
  ]);
}

export const suspectId = (index) => `suspect-${index + 1}`;

export function suspectsSection({ suspects, snapshots }) {
  const against = snapshots.length > 1
    ? `What grew between ${snapshots[0].name} and ${snapshots.at(-1).name}, the worst first.`
    : 'By size, the worst first. With an earlier snapshot of the same process it would be by growth.';
  const items = suspects.map((suspect, index) => h('details', { id: suspectId(index), class: 'suspect', open: index === 0 },
    h('summary', {},
      h('span', { class: 'badge', '--share': String(suspect.share) }, percent(suspect.share)),
      h('span', { class: 'sentence' }, suspect.sentence)),
    factsOf(suspect),
    h('h4', {}, 'Retaining path'),
    pathList(suspect)));
  const none = h('p', {}, 'Nothing in this heap looks like a leak: no container holds an unusual part of it.');
  return section('suspects', 'Leak suspects', h('p', { class: 'lead' }, against), items.length > 0 ? items : none);
}
