// The trees of a profile in the shape that d3-flame-graph draws.

import { milliseconds, percent, shortPlace } from './format.js';

/** A function of a profile by its place in the list. */
export function functionAt(profile, place) {
  const [name, url, lineNumber, columnNumber, group] = profile.functions[place];
  return { name: name || '(anonymous)', url, lineNumber, columnNumber, group };
}

/** Groups that are neither the program nor a package. */
const KINDS = new Map([
  ['app', 'app'], ['node:', 'node'], ['native', 'native'], ['regexp', 'native'], ['wasm', 'native'], ['(program)', 'native'],
  ['(root)', 'native'], ['(garbage collector)', 'gc'], ['(idle)', 'idle'],
]);

export const kindOf = (group) => KINDS.get(group) ?? 'package';

/** Whether a function at the outermost level is shown. */
function isShown(group, { idle, gc }) {
  return (idle || group !== '(idle)') && (gc || group !== '(garbage collector)');
}

/**
 * A tree for the chart.
 * @param {object} profile
 * @param {{ inverted: boolean, idle: boolean, gc: boolean }} view
 */
export function flameTree(profile, view) {
  const hot = new Map(profile.hot.map((row) => [row.f, row]));
  // From callees to callers only the time of the callee itself adds up.
  const [tree, value] = view.inverted ? [profile.bottomUp, 's'] : [profile.topDown, 'm'];
  const frame = (node) => {
    const fn = functionAt(profile, node.f);
    const mark = hot.get(node.f);
    const name = mark ? `▲ ${fn.name}` : fn.name;
    return { name, fn, hot: mark, value: node[value], selfMs: node.s, children: (node.c ?? []).map(frame) };
  };
  const children = (tree.c ?? []).filter((node) => isShown(profile.functions[node.f][4], view)).map(frame);
  const sum = children.reduce((all, child) => all + child.value, 0);
  return { name: view.inverted ? 'all functions, by their own time' : 'all', root: true, value: sum, selfMs: 0, children };
}

/** All of a frame in one line. */
export function frameText(data, { activeMs, totalMs }) {
  const idle = data.fn?.group === '(idle)';
  const whole = idle ? totalMs : activeMs;
  const share = `${percent(data.value / Math.max(whole, Number.MIN_VALUE))} of ${idle ? 'all' : 'the active'} time`;
  if (data.root) return `${data.name}: ${milliseconds(data.value)}, ${share}`;
  const place = shortPlace(data.fn);
  const reasons = data.hot ? ` — suspicious: ${data.hot.reasons.join('; ')}` : '';
  return `${data.fn.name}${place && ` (${place})`} ${milliseconds(data.value)}, ${share}, ${milliseconds(data.selfMs)} itself${reasons}`;
}
