'use strict';

/**
 * Run as a program: makes objects of every kind that DevTools' arithmetic tells apart, and takes two snapshots, between
 * which some come, go, grow and change their class.
 *
 *     node varied-heap.js BASE.heapsnapshot LATER.heapsnapshot '{"exposeInternals":true}'
 *
 * Options are those of `v8.writeHeapSnapshot`, and `profiler`, the main file of rs-profiler: then the first is taken by it, and
 * the second by its forked child. With `stacks` both hold where objects were allocated, as a timeline does.
 */

const { EventEmitter, once } = require('node:events');
const fs = require('node:fs');
const { Session } = require('node:inspector');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');

const heap = {};
global.variedHeap = heap;
const range = (length, make) => Array.from({ length }, (_, i) => make(i));

/** Two classes of one name, told apart by their places only. */
const twins = [
  class Twin {
    constructor(i) { this.first = { i }; }
  },
  class Twin {
    constructor(i) { this.second = [i, `${i}`]; }
  },
];

/** A constructor whose name is what DevTools calls a group. */
class Function {}

function closures() {
  heap.closures = range(60, (i) => {
    const captured = { i, text: `captured ${i}` };
    return i % 2 ? () => captured : function named() { return captured.text; };
  });
  // One context, shared: what it holds belongs to no single closure.
  const shared = { big: new Array(500).fill(0.5) };
  heap.sharing = [() => shared, () => shared.big];
  heap.nested = (() => {
    const outer = { outer: true };
    return () => {
      const inner = { inner: true };
      return () => [outer, inner];
    };
  })()();
  heap.generator = (function* counting() {
    const held = { held: true };
    yield held;
    yield held;
  })();
  heap.generator.next();
  heap.pending = (async () => {
    const waiting = { waiting: true };
    await new Promise(() => {});
    return waiting;
  })();
}

function collections() {
  heap.map = new Map(range(200, (i) => [`key ${i}`, { value: i }]));
  heap.byObject = new Map(range(20, (i) => [{ key: i }, [i]]));
  heap.set = new Set(range(200, (i) => ({ member: i })));
  const keys = range(50, (i) => ({ weakKey: i }));
  heap.weakKeys = keys;
  heap.weakMap = new WeakMap(keys.map((key, i) => [key, { weakValue: i, back: keys[(i + 1) % 50] }]));
  // A value that two tables hold for two keys each, and a table that nothing but itself holds its key of.
  const common = { common: new Array(100).fill('x') };
  heap.weakTables = [new WeakMap(), new WeakMap()];
  for (const [i, table] of heap.weakTables.entries()) for (const key of [keys[i], keys[i + 2]]) table.set(key, common);
  const ephemeron = new WeakMap();
  ephemeron.set(ephemeron, { self: ephemeron });
  heap.ephemeron = ephemeron;
  heap.weakSet = new WeakSet(keys);
  heap.weakRef = new WeakRef(keys[0]);
  heap.registry = new FinalizationRegistry(() => {});
  heap.registry.register(keys[1], { token: 1 });
  heap.sparse = Object.assign([], { 1: { a: 1 }, 100000: { b: 2 } });
  heap.dictionary = Object.fromEntries(range(2000, (i) => [`entry ${i}`, { i }]));
  delete heap.dictionary['entry 7'];
  heap.symbols = { [Symbol('own')]: { of: 'a symbol' }, [Symbol.iterator]: null };
}

function instances() {
  heap.twins = range(60, (i) => new twins[i % 2](i));
  heap.functions = range(5, () => new Function());
  heap.shapes = [
    ...range(40, (i) => ({ x: `x${i}`, y: `${i}` })),
    ...range(30, (i) => ({ y: `${i}`, x: [i], z: {} })),
    ...range(20, (i) => ({ 'a,b': i, "it's": {}, '{"': 1 })),
    ...range(10, (i) => Object.fromEntries(range(30, (n) => [`a long property name ${n} of ${i % 2}`, { n }]))),
  ];
  heap.odd = [Object.create(null), Object.create({ inherited: { a: 1 } }), { ['__proto__']: 'own' }, { get computed() { return 1; } }];
  heap.private = range(20, (i) => new (class Private {
    #hidden = { i };
    read() { return this.#hidden; }
  })());
  heap.proxies = range(5, (i) => new Proxy({ i }, {}));
  heap.errors = range(5, (i) => new Error(`error ${i}`));
  heap.dates = range(5, (i) => new Date(i));
  heap.regexps = range(10, (i) => new RegExp(`^a${i}b*$`, 'u'));
  heap.bigints = range(5, (i) => 2n ** 100n + BigInt(i));
  heap.doubles = range(50, (i) => ({ double: i + 0.25, integer: i, flag: i % 2 === 0 }));
  heap.cycle = { name: 'a' };
  heap.cycle.other = { name: 'b', other: heap.cycle };
  let list = null;
  for (let i = 0; i < 300; i++) list = { next: list, payload: { i } };
  heap.list = list;
}

function strings() {
  const long = 'a text long enough not to be copied when it is cut, ';
  heap.strings = {
    cons: range(20, (i) => `${long}${i}` + `${long}${i + 1}`),
    nested: range(5, (i) => range(8, (n) => `${long}${n}`).reduce((a, b) => a + b + i)),
    sliced: range(20, (i) => `${long}${i}`.slice(3, 40)),
    equal: range(30, (i) => Buffer.from(`equal ${i % 3}`).toString()),
    prefix: range(4, (i) => 'p'.repeat(1500) + String.fromCharCode(97 + i).repeat(3)).map((text) => Buffer.from(text).toString()),
    wide: range(5, (i) => `snowman ☃ ${i}, quote " and backslash \\, line\nend`),
    astral: ['a😀b', 'lone \ud800 surrogate', 'nul \0 in it'],
    empty: ['', Buffer.from('').toString()],
  };
  // Flattened: one part of it is the empty string from now on.
  heap.flattened = range(5, (i) => {
    const whole = `${long}${i}` + `${long}again ${i}`;
    Number(whole);
    return { whole, character: whole.charCodeAt(70) };
  });
}

function offHeap() {
  heap.typed = range(10, (i) => new Float64Array(100 + i));
  const buffer = new ArrayBuffer(4096);
  heap.views = [new Uint8Array(buffer), new DataView(buffer, 16), new Uint16Array(buffer, 32, 4)];
  heap.buffers = range(10, (i) => Buffer.alloc(10000 + i));
  heap.pooled = range(10, (i) => Buffer.from(`pooled ${i}`));
  heap.sharedMemory = new SharedArrayBuffer(1024);
  heap.wasm = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
}

/** What a filter of DevTools' goes by. In browsers the listeners are native; the filter asks for the name only. */
class V8EventListener {
  constructor(callback) { this[1] = callback; }
}

function filtered() {
  heap.listeners = range(6, (i) => new V8EventListener(i % 2 ? () => ({ i }) : { handler: () => [i], other: { i } }));
  heap.listeners.push(new V8EventListener({ no: 'function' }));
  heap.session = new Session();
  heap.session.connect();
  heap.session.post('Runtime.evaluate', { expression: '({ held: { by: "the console" } })', objectGroup: 'console' });
}

function services(folder) {
  heap.emitter = new EventEmitter();
  heap.emitter.setMaxListeners(0);
  for (let i = 0; i < 30; i++) heap.emitter.on(i % 3 ? 'data' : 'end', () => i);
  heap.target = new EventTarget();
  heap.target.addEventListener('message', (event) => heap.seen.push(event));
  heap.seen = [];
  heap.controllers = range(5, () => new AbortController());
  heap.timers = range(5, (i) => setTimeout(() => i, 1e8).unref());
  heap.promises = range(20, (i) => new Promise(() => {}).then(() => i));
  // The article's leak: a module loaded again and again, each a child of this one.
  const file = path.join(folder, 'reloaded.js');
  fs.writeFileSync(file, 'module.exports = { data: Array.from({ length: 50 }, (_, i) => ({ i })) };\n');
  for (let i = 0; i < 10; i++) {
    delete require.cache[file];
    require(file);
  }
  heap.ownModule = new Module('nameless', module);
  // Contexts: one in use, one that only an object of it still holds, one let go of.
  heap.context = vm.createContext({ in: 'use' });
  vm.runInContext('globalThis.own = { list: [1, 2, 3].map((i) => ({ i })) }; class Twin {} globalThis.twin = new Twin();', heap.context);
  heap.orphan = vm.runInNewContext('class Twin {} ({ twin: new Twin(), read: () => orphan })', { orphan: { of: 'a context' } });
  vm.runInNewContext('({})', {});
}

/** What is different in the second snapshot. */
function change() {
  heap.map = new Map([...heap.map].slice(50));
  for (let i = 0; i < 300; i++) heap.set.add({ later: i });
  heap.shapes.length -= 5;
  for (const shape of heap.shapes.slice(0, 10)) shape.extra = true;
  heap.shapes.push(...range(50, (i) => ({ only: i, later: `${i}` })));
  heap.twins.push(...range(7, (i) => new twins[0](i)));
  heap.strings.sliced = heap.strings.sliced.slice(3);
  heap.emitter.removeAllListeners('end');
  heap.orphan = null;
  heap.closures.push(...range(5, (i) => () => i + 1));
  heap.wrappers = range(3, (i) => Object(i));
}

/** Makes the whole heap. */
function fill(folder) {
  closures();
  collections();
  instances();
  strings();
  offHeap();
  filtered();
  services(folder);
}

/** Runs in a worker: asks the inspector of the main thread, which must not allocate while it writes down who did. */
function inspectMainThread() {
  const fs = require('node:fs');
  const { Session } = require('node:inspector');
  const { parentPort } = require('node:worker_threads');
  const session = new Session();
  session.connectToMainThread();
  let file;
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => fs.writeSync(file, params.chunk));
  parentPort.on('message', ({ method, params, path }) => {
    if (path) file = fs.openSync(path, 'w');
    session.post(method, params, (error) => parentPort.postMessage(error && error.message));
  });
}

/** Two snapshots whose objects know where they were allocated. */
async function withStacks([base, later], folder) {
  const worker = new Worker(`(${inspectMainThread})()`, { eval: true });
  const ask = async (request) => {
    worker.postMessage(request);
    const [error] = await once(worker, 'message');
    if (error) throw new Error(`${request.method}: ${error}`);
  };
  const take = (path) => ask({ method: 'HeapProfiler.takeHeapSnapshot', params: { reportProgress: false }, path });
  await ask({ method: 'HeapProfiler.startTrackingHeapObjects', params: { trackAllocations: true } });
  fill(folder);
  await take(base);
  change();
  await take(later);
  await worker.terminate();
}

/** By rs-profiler, first in this process, which numbers the objects, then in a child. */
async function byProfiler([base, later], { profiler, ...options }) {
  const { writeHeapSnapshot } = require(profiler);
  await writeHeapSnapshot(base, { ...options, isolation: 'inline' });
  change();
  await writeHeapSnapshot(later, { ...options, isolation: 'fork' });
}

async function main([base, later, options]) {
  const { stacks, profiler, ...shown } = JSON.parse(options);
  const files = [base, later];
  if (stacks) {
    await withStacks(files, path.dirname(base));
  } else {
    fill(path.dirname(base));
    if (profiler) {
      await byProfiler(files, { profiler, ...shown });
    } else {
      v8.writeHeapSnapshot(base, shown);
      change();
      v8.writeHeapSnapshot(later, shown);
    }
  }
  heap.session.disconnect();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
