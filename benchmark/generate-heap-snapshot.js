'use strict';

/**
 * Writes a heap snapshot of a heap full of varied objects, for the analysis benchmark:
 *
 *     node --max-old-space-size=16000 benchmark/generate-heap-snapshot.js OUT.heapsnapshot [SCALE]
 *
 * SCALE 1 gives some 45 MB (Node 20), 8 some 340 MB, 40 some 1.7 GB. `strings` as SCALE writes a synthetic file whose
 * strings section alone exceeds 512 MiB.
 */

const fs = require('node:fs');
const v8 = require('node:v8');
const { EventEmitter } = require('node:events');

/** Sessions as servers keep them: emitter, listeners that are closures, a map of timers. */
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
    this.left = depth > 0 ? new Tree(depth - 1, path + 'l') : null;
    this.right = depth > 0 ? new Tree(depth - 1, path + 'r') : null;
  }
}

class ListNode {
  constructor(value, next) {
    this.value = value;
    this.next = next;
    if (next) {
      next.previous = this;
    }
  }
}

/** One scale's worth of objects. */
function build(round) {
  const all = { sessions: new Map(), log: [], cache: {}, weak: new WeakMap(), set: new Set() };
  for (let i = 0; i < 4000; i++) {
    const session = new Session(round * 4000 + i);
    session.emit('data', Buffer.from(`part ${i}`));
    all.sessions.set(session.id, session);
    all.weak.set(session, { note: `weak ${i}` });
  }
  for (let i = 0; i < 40000; i++) {
    all.log.push({ level: i % 5, message: `message ${i} of round ${round}`, time: 1.5e12 + i + 0.5 });
  }
  for (let i = 0; i < 8000; i++) {
    all.cache[`key:${round}:${i}`] = { value: [i, i * 0.5, `v${i}`], tags: new Set([i, 'tag']) };
  }
  // Many short lists: on one long list with links both ways v8-heap-parser's search for dominators, which repeats until nothing
  // changes, takes three quarters of its time, and the comparison would be about that.
  all.lists = Array.from({ length: 400 }, (_, at) => {
    let list = null;
    for (let i = 0; i < 50; i++) {
      list = new ListNode({ at, i }, list);
    }
    return list;
  });
  all.trees = Array.from({ length: 8 }, (_, i) => new Tree(10, `t${i}`));
  all.matrix = Array.from({ length: 2000 }, (_, i) => Float64Array.from({ length: 4 }, () => i));
  all.strings = Array.from({ length: 10000 }, (_, i) => {
    const whole = `a rather long text with number ${i} of round ${round}`;
    return i % 3 === 0 ? whole.slice(5, 40) : i % 3 === 1 ? whole + ` and ${i}` : whole;
  });
  all.closures = Array.from({ length: 6000 }, (_, i) => {
    const captured = { i };
    return i % 2 ? () => captured : function named() { return captured.i; };
  });
  all.promises = Array.from({ length: 4000 }, (_, i) => new Promise(() => {}).then(() => i));
  all.symbols = Array.from({ length: 1000 }, (_, i) => Symbol(`symbol ${i}`));
  all.regexps = Array.from({ length: 500 }, (_, i) => new RegExp(`^a${i}b*$`));
  all.dates = Array.from({ length: 3000 }, (_, i) => new Date(i));
  all.bigints = Array.from({ length: 1000 }, (_, i) => 2n ** 70n + BigInt(i));
  all.buffers = Array.from({ length: 500 }, (_, i) => Buffer.alloc(100 + i));
  for (let i = 0; i < 5000; i++) {
    all.set.add({ at: i, peer: all.log[i * 3] });
  }
  return all;
}

/** A file that Chrome cannot open: more than 512 MiB of strings. */
function writeStrings(path) {
  const count = 560000;
  const out = fs.openSync(path, 'w');
  const meta = {
    node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
    node_types: [['hidden', 'array', 'string', 'object', 'code', 'closure', 'regexp', 'number', 'native', 'synthetic'],
      'string', 'number', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'], 'string_or_number', 'node'],
    location_fields: ['object_index', 'script_id', 'line', 'column']
  };
  fs.writeSync(out, JSON.stringify({ snapshot: { meta, node_count: count + 1, edge_count: count } }).slice(0, -1));
  const section = (key, pieces) => {
    fs.writeSync(out, `,\n"${key}":[`);
    let text = '';
    for (const piece of pieces) {
      text += piece;
      if (text.length > 1 << 20) {
        fs.writeSync(out, text);
        text = '';
      }
    }
    fs.writeSync(out, text + ']');
  };
  const each = function* (first, make) {
    yield first;
    for (let i = 0; i < count; i++) {
      yield make(i);
    }
  };
  section('nodes', each(`9,0,1,0,${count},0`, (i) => `,2,${i + 1},${2 * i + 3},1040,0,0`));
  section('edges', each('1,0,6', (i) => (i === 0 ? '' : `,1,${i},${(i + 1) * 6}`)));
  section('locations', []);
  section('strings', each('"<dummy>"', (i) => `,"${String(i).padStart(1024, 'lorem ipsum ')}"`));
  fs.writeSync(out, '}\n');
  fs.closeSync(out);
}

if (require.main === module) {
  const [path, scale = '1'] = process.argv.slice(2);
  if (!path) {
    console.error('usage: generate-heap-snapshot.js OUT.heapsnapshot [SCALE | strings]');
    process.exit(1);
  }
  if (scale === 'strings') {
    writeStrings(path);
  } else {
    global.heap = Array.from({ length: Number(scale) }, (_, round) => build(round));
    v8.writeHeapSnapshot(path);
  }
}

module.exports = { build };
