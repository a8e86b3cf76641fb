'use strict';

/**
 * Leaks as services have them, each in a variable of its own: `node leak-programs.js EARLIER LATER NAME...` leaks in all the
 * named ways, writes a heap snapshot, leaks as much again and writes another.
 */

const { AsyncResource } = require('node:async_hooks');
const diagnostics = require('node:diagnostics_channel');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { PassThrough } = require('node:stream');
const { pathToFileURL } = require('node:url');
const v8 = require('node:v8');

const COUNT = 1500;
let made = 0;

/** What a service holds of a request: some hundred bytes that nothing else shares. */
function record() {
  made += 1;
  return { id: made, body: Buffer.from(`record ${made} `.repeat(30)).toString('latin1') };
}

const times = (count, work) => {
  for (let i = 0; i < count; i++) work(i);
};

class Session {
  constructor() {
    this.user = record();
  }
}

class Cache {
  constructor() {
    this.entries = new Map();
  }

  set(key, value) {
    this.entries.set(key, value);
    if (this.entries.length > 100) this.entries.clear(); // a Map has a size, not a length
  }
}

class Queue {
  push(value) {
    const link = { value, next: null };
    if (this.last) this.last.next = link;
    else this.first = link;
    this.last = link;
  }
}

class Metrics {
  static history = [];
}

const bus = new EventEmitter().setMaxListeners(0);
const channel = diagnostics.channel('app:query');
const cache = new Cache();
const queue = new Queue();
const callbacks = [];
const byTime = new Map();
const byUrl = {};
const bySymbol = {};
const sockets = new Set();
const pending = [];
const forever = new Promise(() => {});
const uploads = [];
const shared = [];
const resources = [];
const tokens = [];
const streams = [];
const tenants = new Map();
const jobs = [];
const jobsById = new Map();
const registry = new FinalizationRegistry(() => {});
const keys = [];
let log = '';
let head = null;

const programs = {
  listeners: () => times(COUNT, () => {
    const request = record();
    bus.on('reload', () => request);
  }),
  closures: () => times(COUNT, () => {
    const state = record();
    callbacks.push(() => state);
  }),
  intervals: () => times(COUNT, () => {
    const state = record();
    setInterval(() => state, 1e6).unref();
  }),
  timeouts: () => times(COUNT, () => {
    const state = record();
    setTimeout(() => state, 1e6 + made).unref(); // each with a duration of its own
  }),
  mapByTime: () => times(COUNT, () => byTime.set(String(1700000000000 + made), record())),
  objectByUrl: () => times(COUNT, () => {
    byUrl[`/users/${made}?token=${(made * 7919) % 10007}`] = record();
  }),
  objectBySymbol: () => times(COUNT, () => {
    bySymbol[Symbol(`cache ${made}`)] = record();
  }),
  setOfSockets: () => times(300, () => {
    const socket = new net.Socket();
    socket.request = record();
    sockets.add(socket);
  }),
  promises: () => times(COUNT, () => {
    const state = record();
    const promise = new Promise(() => {});
    promise.then(() => state);
    pending.push(promise);
  }),
  asyncFunctions: () => times(COUNT, async () => {
    const state = record();
    await forever;
    return state;
  }),
  buffers: () => times(100, () => uploads.push(Buffer.alloc(10000, 1))),
  sharedBuffers: () => times(100, () => shared.push(new SharedArrayBuffer(10000))),
  asyncResources: () => times(COUNT, () => {
    const resource = new AsyncResource('JOB');
    resource.state = record();
    resources.push(resource);
  }),
  slicedStrings: () => times(50, () => {
    made += 1;
    tokens.push(Buffer.alloc(20000, `document ${made} `).toString('latin1').slice(100, 120));
  }),
  concatenated: () => times(COUNT * 8, () => {
    made += 1;
    log += `line ${made} of the log; `;
    if (log.length > 1e9) log = '';
  }),
  staticArray: () => times(COUNT, () => Metrics.history.push(record())),
  linkedList: () => times(COUNT, () => {
    head = { next: head, value: record() };
  }),
  queue: () => times(COUNT, () => queue.push(record())),
  wrongBound: () => times(COUNT, () => cache.set(`key ${made}`, new Session())),
  mapOfMaps: () => times(COUNT, (i) => {
    const tenant = `tenant ${i % 5}`;
    if (!tenants.has(tenant)) tenants.set(tenant, new Map());
    tenants.get(tenant).set(`user ${made}`, record());
  }),
  twoContainers: () => times(COUNT, () => {
    const job = new Session();
    jobs.push(job);
    jobsById.set(job.user.id, job);
  }),
  subscribers: () => times(COUNT, () => {
    const state = record();
    channel.subscribe(() => state);
  }),
  streams: () => times(300, () => {
    const stream = new PassThrough();
    stream.write(record().body);
    streams.push(stream);
  }),
  finalizers: () => times(COUNT, () => {
    const key = {};
    keys.push(key);
    registry.register(key, record());
  }),
  async esModule(folder) {
    const file = path.join(folder, 'history.mjs');
    if (!fs.existsSync(file)) fs.writeFileSync(file, 'const visits = [];\nexport const remember = (visit) => visits.push(visit);\n');
    const { remember } = await import(pathToFileURL(file).href);
    times(COUNT, () => remember(record()));
  },
  modules(folder) {
    const file = path.join(folder, 'settings.json');
    fs.writeFileSync(file, JSON.stringify(Array.from({ length: 200 }, (_, i) => ({ i }))));
    times(100, () => {
      delete require.cache[file];
      require(file);
    });
  },
  /** A big table that never changes, and work that leaves nothing behind. */
  async healthy() {
    programs.countries ??= new Map(Array.from({ length: 6000 }, (_, i) => [`code ${i}`, record()]));
    times(COUNT, record);
    await Promise.all(Array.from({ length: 100 }, () => new Promise((resolve) => setTimeout(resolve, 1))));
  },
};

async function main([earlier, later, ...names]) {
  for (const file of [earlier, later]) {
    for (const name of names) await programs[name](path.dirname(earlier));
    await new Promise((resolve) => setImmediate(resolve));
    v8.writeHeapSnapshot(file);
  }
  process.exit(0);
}

main(process.argv.slice(2));
