'use strict';
// A heap snapshot with the shape of v8-profiler-next's.

const { HeapGraph, nodeType } = require('./heap-graph');
const { exportToStream } = require('../stream/receivers');
const { readerOf, readTextSync, textsSync } = require('../stream/text');
const { badReceiver, invalidArgument, makeError, native } = require('../native/errors');
const { exportArguments } = require('./export-arguments');
const { define, enumerateMethods, tryDefine } = require('../native/properties');

/** There is one. */
const FORMATS = ['heapsnapshot'];

const natives = new WeakMap();

const isInt32 = (value) => typeof value === 'number' && (value | 0) === value;
const isUint32 = (value) => typeof value === 'number' && value >>> 0 === value;

/** The native snapshot behind an object of ours, or behind one that inherits from it. */
function findNative(snapshot) {
  for (let at = snapshot; Object(at) === at; at = Object.getPrototypeOf(at)) if (natives.has(at)) return natives.get(at);
  return undefined;
}

function nativeOf(snapshot) {
  const found = findNative(snapshot);
  if (!found) throw invalidArgument('This is not a heap snapshot of rs-profiler.');
  return found;
}

/** Starts the text of a native snapshot. */
function openReader(taken) {
  return readerOf(native(() => taken.export()));
}

/** Node counts of a snapshot: by name for Object nodes, by type for the others. */
function histogram(snapshot) {
  const counts = new Map();
  const taken = nativeOf(snapshot);
  const add = (key, count) => counts.set(key, (counts.get(key) || 0) + count);
  const { objects, others } = native(() => taken.histogram());
  for (const [name, count] of objects) add(name, count);
  for (const [type, count] of others) add(nodeType(type), count);
  return counts;
}

class Snapshot {
  /**
   * @param {object} taken the native snapshot
   * @param {string|undefined} title `Snapshot <uid>` when undefined
   * @param {object} registry where it is kept under its uid
   */
  constructor(taken, title, registry) {
    natives.set(this, taken);
    const graph = new HeapGraph(taken);
    const uid = taken.maxJsObjectId();
    this.root = graph.node(taken.root());

    this.getNode = (...args) => {
      if (args.length === 0) throw invalidArgument('No index specified', Error);
      if (!isInt32(args[0])) throw invalidArgument('Argument must be an integer');
      const node = native(() => taken.node(args[0]));
      if (node) return graph.node(node);
      throw makeError('OUT_OF_RANGE', `There is no node ${args[0]}: indexes go from 0 to ${taken.nodesCount() - 1}.`, RangeError);
    };

    this.getNodeById = (...args) => {
      if (args.length === 0) throw invalidArgument('No id specified', Error);
      // Ids of native objects go up to 2 ** 32 - 1; the originals take no more than 2 ** 31 - 1.
      if (!isInt32(args[0]) && !isUint32(args[0])) throw invalidArgument('Argument must be an integer');
      const node = args[0] < 0 ? null : native(() => taken.nodeById(args[0]));
      return node ? graph.node(node) : undefined;
    };

    this.delete = () => {
      if (registry[this.uid] === this) Reflect.deleteProperty(registry, this.uid);
      graph.clear();
      taken.delete();
      return registry;
    };

    this.serialize = (...args) => {
      if (args.length < 2) throw invalidArgument('Invalid number of arguments', Error);
      const [iterator, callback] = args;
      if (typeof iterator !== 'function' || typeof callback !== 'function') {
        throw invalidArgument('Arguments must be a functions');
      }
      for (const text of textsSync(openReader(taken))) {
        if (iterator(text, text.length) === false) return;
      }
      callback();
    };

    define(this, {
      typeId: 'HEAP',
      title: title === undefined ? `Snapshot ${uid}` : title,
      uid,
      nodesCount: taken.nodesCount(),
      maxSnapshotJSObjectId: uid,
    });
  }

  getHeader() {
    return { typeId: this.typeId, uid: this.uid, title: this.title };
  }

  compare(other) {
    if (other === undefined || other === null) throw invalidArgument('compare() needs another snapshot.');
    const mine = histogram(this);
    const others = findNative(other) ? histogram(other) : new Map();
    const difference = {};
    for (const key of new Set([...mine.keys(), ...others.keys()])) {
      const value = (others.get(key) || 0) - (mine.get(key) || 0);
      tryDefine(difference, key, value);
    }
    return difference;
  }

  export(...args) {
    const taken = nativeOf(this);
    const { receiver: dataReceiver } = exportArguments(args, FORMATS);
    if (typeof dataReceiver !== 'function') {
      const stream = exportToStream(dataReceiver, () => openReader(taken));
      if (!stream) throw badReceiver(dataReceiver);
      return stream;
    }
    const reader = openReader(taken);
    let text;
    try {
      text = readTextSync(reader);
    } catch (error) {
      dataReceiver(error);
      return undefined;
    }
    dataReceiver(null, text);
    return undefined;
  }
}

enumerateMethods(Snapshot);

module.exports = { Snapshot };
