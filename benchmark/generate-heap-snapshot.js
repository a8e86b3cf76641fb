'use strict';

/**
 * Writes a heap snapshot for the benchmark of the analysis:
 *
 *     node --max-old-space-size=16000 benchmark/generate-heap-snapshot.js OUT.heapsnapshot SCALE
 *
 * SCALE 1 is a heap of varied objects whose snapshot has some 45 MB (Node 20), 8 some 340 MB, 40 some 1.7 GB; a fraction
 * makes less of everything. `strings` as SCALE writes a file without a heap whose strings alone exceed 512 MiB, the longest
 * text that V8 can hold.
 */

const { EventEmitter } = require('events');
const fs = require('fs');
const v8 = require('v8');

const STRINGS = 560000;

/** Sessions as servers keep them: emitter, listeners that are closures, what came in. */
class Session extends EventEmitter {
  constructor(id) {
    super();
    this.id = id;
    this.user = { name: `user ${id}`, mail: `user${id}@example.org`, roles: ['reader', id % 7 ? 'writer' : 'admin'] };
    this.history = [];
    this.on('data', (part) => this.history.push({ part, at: id }));
    this.once('end', () => this.user.name.length + id);
  }
}

class Tree {
  constructor(depth, path) {
    this.path = path;
    this.left = depth > 0 ? new Tree(depth - 1, `${path}l`) : null;
    this.right = depth > 0 ? new Tree(depth - 1, `${path}r`) : null;
  }
}

class ListNode {
  constructor(value, next) {
    this.value = value;
    this.next = next;
    if (next) next.previous = this;
  }
}

function listOf(length, at) {
  let list = null;
  for (let i = 0; i < length; i++) list = new ListNode({ at, i }, list);
  return list;
}

/** Flat, cut and joined texts, which V8 represents in three ways. */
function text(i, round) {
  const whole = `a rather long text with number ${i} of round ${round}`;
  if (i % 3 === 0) return whole.slice(5, 40);
  return i % 3 === 1 ? `${whole} and ${i}` : whole;
}

function closure(i) {
  const captured = { i };
  return i % 2 ? () => captured : function named() { return captured.i; };
}

/**
 * Objects of many kinds with links between them.
 * @param {number} round makes texts differ from those of other rounds
 * @param {number} [share] of the full number of each
 * @returns {object} what holds them
 */
function build(round, share = 1) {
  const many = (count, make) => Array.from({ length: Math.ceil(count * share) }, (_, i) => make(i));
  const all = { sessions: new Map(), cache: {}, weak: new WeakMap(), set: new Set() };
  for (const session of many(4000, (i) => new Session(round * 4000 + i))) {
    session.emit('data', Buffer.from(`part ${session.id}`));
    all.sessions.set(session.id, session);
    all.weak.set(session, { note: `weak ${session.id}` });
  }
  all.log = many(40000, (i) => ({ level: i % 5, message: `message ${i} of round ${round}`, time: 1.5e12 + i + 0.5 }));
  many(8000, (i) => { all.cache[`key:${round}:${i}`] = { value: [i, i * 0.5, `v${i}`], tags: new Set([i, 'tag']) }; });
  // Many short lists: on one long list with links both ways v8-heap-parser's search for dominators, which repeats until nothing
  // changes, takes three quarters of its time, and the comparison would be about that.
  all.lists = many(400, (at) => listOf(50, at));
  all.trees = many(8, (i) => new Tree(10, `t${i}`));
  all.matrix = many(2000, (i) => Float64Array.from({ length: 4 }, () => i));
  all.strings = many(10000, (i) => text(i, round));
  all.closures = many(6000, closure);
  all.promises = many(4000, (i) => new Promise(() => {}).then(() => i));
  all.symbols = many(1000, (i) => Symbol(`symbol ${i}`));
  all.regexps = many(500, (i) => new RegExp(`^a${i}b*$`));
  all.dates = many(3000, (i) => new Date(i));
  all.bigints = many(1000, (i) => 2n ** 70n + BigInt(i));
  all.buffers = many(500, (i) => Buffer.alloc(100 + i));
  many(5000, (i) => all.set.add({ at: i, peer: all.log[i * 3] }));
  return all;
}

/** The sections' fields as Node 20 writes them. */
const META = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
  node_types: [
    ['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'number', 'native', 'synthetic', 'concatenated string',
      'sliced string', 'symbol', 'bigint', 'object shape'],
    'string', 'number', 'number', 'number', 'number', 'number',
  ],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'], 'string_or_number', 'node'],
  trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
  trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
  sample_fields: ['timestamp_us', 'last_assigned_id'],
  location_fields: ['object_index', 'script_id', 'line', 'column'],
};

/** @yields {string} the text of a section of `count + 1` parts with commas between them */
function* section(name, first, count, part) {
  yield `,\n"${name}":[${first}`;
  for (let i = 0; i < count; i++) yield `,${part(i)}`;
  yield ']';
}

/** @yields {string} the text of a snapshot: a root with `count` strings of a kilobyte, all different */
function* stringsSnapshot(count) {
  const header = { meta: META, node_count: count + 1, edge_count: count, trace_function_count: 0 };
  yield `{"snapshot":${JSON.stringify(header)}`;
  yield* section('nodes', `9,0,1,0,${count},0,0`, count, (i) => `2,${i + 1},${2 * i + 3},1040,0,0,0`);
  yield* section('edges', '1,0,7', count - 1, (i) => `1,${i + 1},${(i + 2) * 7}`);
  for (const name of ['trace_function_infos', 'trace_tree', 'samples', 'locations']) yield `,\n"${name}":[]`;
  yield* section('strings', '"<dummy>"', count, (i) => `"${String(i).padStart(1024, 'lorem ipsum ')}"`);
  yield '}\n';
}

/**
 * @param {string} file
 * @param {number} [count] of strings, at least one
 */
function writeStrings(file, count = STRINGS) {
  const descriptor = fs.openSync(file, 'w');
  let waiting = '';
  for (const piece of stringsSnapshot(count)) {
    waiting += piece;
    if (waiting.length < 1 << 20) continue;
    fs.writeSync(descriptor, waiting);
    waiting = '';
  }
  fs.writeSync(descriptor, waiting);
  fs.closeSync(descriptor);
}

if (require.main === module) {
  const [file, scale] = process.argv.slice(2);
  if (scale === 'strings') {
    writeStrings(file);
  } else if (Number(scale) > 0) {
    global.heap = Array.from({ length: Math.ceil(scale) }, (_, round) => build(round, Math.min(1, scale)));
    v8.writeHeapSnapshot(file);
  } else {
    console.error('usage: generate-heap-snapshot.js OUT.heapsnapshot SCALE|strings');
    process.exitCode = 1;
  }
}

module.exports = { build, writeStrings };
