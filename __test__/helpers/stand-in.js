'use strict';

/**
 * The JavaScript layer over a stand-in for the addon, for tests of the unit tier: options, receivers, files, errors. Nothing
 * is recorded and no heap is walked; texts are short and always the same.
 *
 * Requires the package anew, over the stand-in: `const { profiler, calls } = require('../helpers/stand-in')`.
 */

const fs = require('node:fs');
const { StandInForked, forked } = require('./stand-in-fork');

/** The calls that reached the stand-in: `[method, ...args]`, oldest first. */
const calls = [];
/** What methods throw the next time they are called: fields as the addon's errors have them. */
const failures = new Map();

/** Lets the next call of a method fail, with `{ code, message }` or with `{ code, message, errno, syscall, path }`. */
function failNext(method, fields) {
  failures.set(method, fields);
}

function called(method, ...args) {
  calls.push([method, ...args]);
  const fields = failures.get(method);
  failures.delete(method);
  if (fields) throw new Error(JSON.stringify(fields));
}

const TEXTS = {
  snapshot: '{"snapshot":{"node_count":1,"edge_count":0},"nodes":[],"edges":[],"strings":[]}',
  cpu: '{"nodes":[],"startTime":1,"endTime":2,"samples":[],"timeDeltas":[]}',
  sampling: '{"head":{"callFrame":{"functionName":"(root)"},"selfSize":0,"children":[]}}',
};

/** A file that was opened, named by the bytes of its path. */
class StandInTarget {
  constructor(path) {
    this.path = path;
    fs.writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
  }

  write(text) {
    fs.writeFileSync(this.path, text);
    this.written = true;
  }

  close() {
    called('closeTarget');
    if (!this.written && !this.closed) fs.rmSync(this.path, { force: true });
    this.closed = true;
  }
}

/** A text in chunks of ten bytes. */
class StandInExport {
  constructor(text) {
    this.left = text.match(/.{1,10}/gs);
    this.text = text;
  }

  async next() {
    called('next');
    const chunk = this.left.shift();
    return chunk === undefined ? null : [Uint8Array.from(Buffer.from(chunk)).buffer];
  }

  nextTextSync() {
    called('nextTextSync');
    return this.left.shift() ?? null;
  }

  async writeFile({ target, onBytes }) {
    called('writeFile', target.path);
    target.write(this.text);
    if (onBytes) onBytes(this.text.length);
    return { bytes: this.text.length, nodes: 1, edges: 0, samples: 0 };
  }

  close() {
    called('close');
    this.left = [];
  }
}

let lastId = 1;

class StandInSnapshot {
  constructor() {
    this.id = lastId += 2;
  }

  takeProgress() {
    return Uint32Array.of(50, 100, 100, 100);
  }

  nodesCount() {
    return 1;
  }

  maxJsObjectId() {
    return this.id;
  }

  root() {
    return ['Synthetic', '', 1, 0];
  }

  node() {
    return null;
  }

  nodeById() {
    return null;
  }

  children() {
    return [];
  }

  expectedBytes() {
    return 90;
  }

  histogram() {
    return { objects: [], others: [] };
  }

  export() {
    called('export');
    return new StandInExport(TEXTS.snapshot);
  }

  writeFileSync(target) {
    called('writeFileSync', target.path);
    target.write(TEXTS.snapshot);
  }

  delete() {
    called('delete');
  }
}

/** A snapshot on its way to a file: the addon takes the steps that the stand-in's snapshot and export have. */
class StandInCapture {
  constructor(snapshot) {
    this.snapshot = snapshot;
  }

  takeProgress() {
    return this.snapshot.takeProgress();
  }

  expectedBytes() {
    return this.snapshot.expectedBytes();
  }

  async writeFile(options) {
    try {
      return { ...(await this.snapshot.export().writeFile(options)), pauseMs: 1 };
    } finally {
      this.close();
    }
  }

  close() {
    if (!this.closed) this.snapshot.delete();
    this.closed = true;
  }
}

class StandInProfile {
  constructor(text) {
    this.body = text;
  }

  times() {
    return { startTime: 1, endTime: 2 };
  }

  keepsLogging() {
    return false;
  }

  nodeCount() {
    return 1;
  }

  sampleCount() {
    return 0;
  }

  part() {
    return Buffer.from('[]');
  }

  text(...args) {
    called('text', ...args);
    return Buffer.from(this.body);
  }

  export(...args) {
    called('export', ...args);
    return new StandInExport(this.body);
  }

  detachSync() {}

  async detach() {}

  detachFinished() {}
}

class NativeEnvironment {
  static libc() {
    return null;
  }

  static forkSupport() {
    return NativeEnvironment.unsupported ?? null;
  }

  static forkRest() {
    return NativeEnvironment.resting ?? null;
  }

  loadShim() {
    return 'stand-in';
  }
}

const results = {
  openTarget: (path) => new StandInTarget(path),
  takeSnapshot: () => new StandInSnapshot(),
  captureSnapshot: ({ exposeInternals, exposeNumericValues }) => {
    called('takeSnapshot', exposeInternals, exposeNumericValues);
    return new StandInCapture(new StandInSnapshot());
  },
  forkSnapshot: (options) => new StandInForked(options, TEXTS.snapshot, called),
  mainGlobal: () => globalThis,
  settleTexts: () => {},
  setTracking: () => {},
  startTracking: () => {},
  stopTracking: () => {},
  heapStats: () => ({ updates: [], lastSeenObjectId: 1 }),
  objectId: () => 1,
  findObject: () => null,
  collectSample: () => {},
  warmUp: () => {},
  coolDown: () => {},
  openProfilers: () => 0,
  startSampling: () => {},
  stopSampling: () => new StandInProfile(TEXTS.sampling),
};
for (const [method, result] of Object.entries(results)) {
  NativeEnvironment.prototype[method] = function standIn(...args) {
    called(method, ...args);
    return result(...args);
  };
}

jest.doMock('../../binding', () => ({
  addonPath: () => __filename,
  // The only thing asked of it is that it exists.
  shimPath: () => __filename,
  shimPaths: () => [__filename],
  loadAddon: () => ({ NativeEnvironment }),
}));

module.exports = { TEXTS, calls, failNext, forked, NativeEnvironment, profiler: require('../..'), heapdump: require('../../heapdump') };
