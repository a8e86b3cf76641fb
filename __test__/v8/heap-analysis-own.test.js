'use strict';

/**
 * openHeapSnapshot of snapshots that this Node has just taken: sums that must agree with the file, retained sizes with what is no
 * longer reached without an object, and which snapshots are compared by id. Every number beside DevTools' own: `npm run oracle`.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { capabilities, openHeapSnapshot } = require('../..');
const { naiveHeap } = require('../helpers/naive-heap');
const { testIf } = require('../helpers/needs');
const { tempFolder } = require('../helpers/temp-folder');

const VARIED_HEAP = require.resolve('../helpers/varied-heap');
const MAIN = path.resolve(__dirname, '..', '..');
const folder = tempFolder();

/** Two snapshots of a process that does something between them. */
function take(name, options) {
  const files = ['base', 'later'].map((which) => path.join(folder, `${name}-${which}.heapsnapshot`));
  execFileSync(process.execPath, [VARIED_HEAP, ...files, JSON.stringify(options)], { stdio: 'pipe' });
  return files;
}

/** Every node of the dominator tree, by id. */
async function treeOf(analysis) {
  const found = new Map();
  const open = [await analysis.dominatorTree({ leastShare: 0 })];
  while (open.length > 0) {
    const node = open.pop();
    // The tree is cut at some depth; there it is asked again.
    const whole = node.children.length === node.dominated ? node : await analysis.dominatorTree({ id: node.id, leastShare: 0 });
    found.set(node.id, whole);
    open.push(...whole.children);
  }
  return found;
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

describe.each([
  ['plain', {}],
  ['with internals and numeric values', { exposeInternals: true, exposeNumericValues: true }],
])('a snapshot of this Node, %s', (name, options) => {
  let analysis;
  let json;
  let heap;
  let tree;

  beforeAll(async () => {
    const [file] = take(name.slice(0, 5), options);
    json = JSON.parse(fs.readFileSync(file, 'utf8'));
    heap = naiveHeap(json);
    analysis = await openHeapSnapshot(file);
    tree = await treeOf(analysis);
  });

  afterAll(() => analysis.close());

  test('the sums of the file, of the nodes, of the class table and of the statistics are one', async () => {
    const all = sum(heap.nodes.map(({ selfSize }) => selfSize));
    const { total, native, v8heap } = await analysis.statistics();
    expect(total).toBe(all + (json.snapshot.extra_native_bytes ?? 0));
    expect(native.total + v8heap.total).toBe(total);
    expect(sum((await analysis.classes()).map(({ shallowSize }) => shallowSize))).toBe(all);
    expect(tree.size).toBe(heap.nodes.length);
    expect(sum([...tree.values()].map(({ shallowSize }) => shallowSize))).toBe(all);
    expect(tree.get(heap.nodes[0].id).retainedSize).toBe(all);
  });

  test('every object retains itself and what those below it retain', () => {
    const odd = [...tree.values()].filter(({ shallowSize, retainedSize, children }) => (
      retainedSize !== shallowSize + sum(children.map((child) => child.retainedSize))));
    expect(odd).toEqual([]);
  });

  test('an object retains what is no longer reached without it', () => {
    // Of every kind some, big ones among them.
    const places = [...heap.nodes.keys()].slice(1);
    const retainedOf = (at) => tree.get(heap.nodes[at].id).retainedSize;
    const biggest = [...places].sort((a, b) => retainedOf(b) - retainedOf(a)).slice(0, 15);
    const some = places.filter((at) => at % Math.ceil(places.length / 25) === 0);
    const differing = [...biggest, ...some].filter((at) => (
      sum(heap.retained(at).map((each) => tree.get(heap.nodes[each].id).shallowSize)) !== retainedOf(at)));
    expect(differing.map((at) => heap.nodes[at])).toEqual([]);
  });
});

testIf(capabilities().isolation.fork.available, 'no child can be forked here')('snapshots are compared by id unless a forked child numbered the objects of the base', async () => {
  const [inline, forked] = take('forked', { profiler: MAIN });
  const [first, second] = await Promise.all([inline, forked].map((file) => openHeapSnapshot(file)));
  expect((await second.compare(first)).matchedBy).toBe('id');
  expect((await first.compare(second)).matchedBy).toBe('shape');
  for (const analysis of [first, second]) analysis.close();
});
