'use strict';

/** Built-in objects that others changed, and objects of ours that others froze, sealed or inherited from. */

const { runClean } = require('../helpers/child');
const { runTogether } = require('../helpers/together');

/** Uses everything once; throws, or gives a summary. Runs in the child, from its source text. */
async function tour({ profiler, workload }) {
  profiler.startProfiling('tour');
  workload.spin(5);
  const cpu = profiler.stopProfiling('tour');
  profiler.startSamplingHeapProfiling();
  const sampling = profiler.stopSamplingHeapProfiling();
  const snapshot = profiler.takeSnapshot('tour');
  const controller = new AbortController();
  const aborted = profiler.captureCpuProfile({ durationMs: 60000, signal: controller.signal }).catch((error) => error);
  controller.abort();
  const missing = await profiler.writeHeapSnapshot('missing/folder/x.heapsnapshot').catch((error) => error);
  const captured = await profiler.captureCpuProfile({ durationMs: 1 });
  const { head } = await profiler.captureSamplingHeapProfile({ durationMs: 1 });
  const text = await new Promise((resolve, reject) => {
    cpu.export((error, result) => (error ? reject(error) : resolve(result)));
  });
  let idle;
  try {
    profiler.stopProfiling();
  } catch (error) {
    idle = error.code;
  }
  const { name, code } = await aborted;
  const { root } = snapshot;
  const seen = {
    exported: JSON.parse(text).title,
    head: cpu.head.functionName,
    samples: Array.isArray(cpu.samples),
    sampling: sampling.head.callFrame.functionName,
    edge: root.children[0].from === root,
    compared: Object.values(snapshot.compare(snapshot)).every((count) => count === 0),
    captured: captured.nodes[0].callFrame.functionName,
    capturedHead: head.callFrame.functionName,
    missing: missing.code,
    registered: Object.values(profiler.profiles).includes(cpu) && Object.values(profiler.snapshots).length === 1,
    abort: [name, code],
    idle,
  };
  snapshot.delete();
  profiler.deleteAllProfiles();
  return seen;
}

const WHOLE = {
  exported: 'tour',
  head: '(root)',
  samples: true,
  sampling: '(root)',
  edge: true,
  compared: true,
  captured: '(root)',
  capturedHead: '(root)',
  missing: 'ENOENT',
  registered: true,
  abort: ['AbortError', 'ABORT_ERR'],
  idle: 'ERR_RS_PROFILER_NOT_RUNNING',
};

/** Source of the child: `change` before or after the package is loaded, then the tour. */
const underChange = `async (context) => {
  const { change, early } = context.input;
  const tour = ${tour};
  const changed = () => new Function('process', change)(process);
  if (early) changed();
  context.profiler.capabilities();
  // A module of Node's own that is loaded late and does not bear these changes.
  require('fs').promises;
  if (!early) changed();
  context.report(await tour(context));
}`;

/** The same in the child of all scenarios: what was changed is as before when it has been told. */
const underPassingChange = `async (context) => {
  const tour = ${tour};
  context.profiler.capabilities();
  require('fs').promises;
  const before = new Set(Reflect.ownKeys(Object.prototype));
  new Function('process', context.input)(process);
  let seen;
  try {
    seen = await tour(context);
  } finally {
    for (const key of Reflect.ownKeys(Object.prototype)) if (!before.has(key)) delete Object.prototype[key];
  }
  context.report(seen);
}`;

const FROZEN = 'for (const T of [Object, Array, Function, Error, TypeError, RangeError, Promise, Map, Set, WeakMap]) '
  + '{ Object.freeze(T.prototype); Object.freeze(T); }';

/** Changes that can be taken back: what they add to Object.prototype is deleted again. */
const CHANGES = {
  'properties of descriptors on Object.prototype': `for (const [key, value] of Object.entries({ value: 1, writable: false, set: () => {} })) {
    Object.defineProperty(Object.prototype, key, { __proto__: null, value, writable: true, configurable: true });
  }`,
  'get on Object.prototype': "Object.defineProperty(Object.prototype, 'get', { __proto__: null, value: () => 1, writable: true, configurable: true });",
  'enumerable words on Object.prototype': "for (const key of ['kind', 'extra', 'data']) Object.prototype[key] = 'inherited';",
  'read-only names on Object.prototype': `for (const key of ['typeId', 'title', 'uid', 'head', 'code', 'startTime', 'shallowSize']) {
    Object.defineProperty(Object.prototype, key, { __proto__: null, get: () => undefined, configurable: true });
  }`,
};

describe('built-in objects', () => {
  test.each(Object.keys(CHANGES))('%s, after the package was loaded', async (name) => {
    const seen = await runTogether(underPassingChange, { input: CHANGES[name] });
    expect(seen).toEqual(WHOLE);
  });

  test.each([['after the package was loaded', false], ['before the package is loaded', true]])('frozen prototypes, %s', async (_, early) => {
    expect(await runClean(underChange, { input: { change: FROZEN, early } })).toEqual(WHOLE);
  });

  test.each([['--disable-proto=delete'], ['--disable-proto=throw']])('%s', async (flag) => {
    expect(await runClean(underChange, { input: { change: '', early: true }, nodeArgs: [flag] })).toEqual(WHOLE);
  });

  test('a frozen process: the package and its heapdump load, and the signal is heard', async () => {
    const seen = await runClean((context) => {
      Object.freeze(process);
      const { profiler, heapdump, report } = context;
      const listening = process.listenerCount('SIGUSR2') === 1;
      profiler.startProfiling('frozen');
      report({ title: profiler.stopProfiling().title, global: 'profiler' in process, dumps: typeof heapdump.writeSnapshot, listening });
    });
    expect(seen).toEqual({ title: 'frozen', global: false, dumps: 'function', listening: process.platform !== 'win32' });
  });

  test('a frozen process: files are written, and a capture that is given up leaves none', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      Object.freeze(process);
      await profiler.captureCpuProfile({ durationMs: 1, path: 'a.cpuprofile' });
      const controller = new AbortController();
      const given = profiler.captureCpuProfile({ durationMs: 60000, path: 'never.cpuprofile', signal: controller.signal });
      controller.abort();
      report([await given.catch(({ name }) => name), require('fs').readdirSync('.')]);
    });
    expect(seen).toEqual(['AbortError', ['a.cpuprofile']]);
  });

  test('options and names on Object.prototype are nobody\'s options', async () => {
    const inherited = { path: 'elsewhere', dir: 'elsewhere', name: 'else', signal: 'none', uid: 7, title: 7 };
    const seen = await runClean(async ({ input, profiler, heapdump, report }) => {
      heapdump.configure({});
      for (const [name, value] of Object.entries(input)) {
        Object.defineProperty(Object.prototype, name, { __proto__: null, value, writable: true, configurable: true });
      }
      heapdump.configure({});
      const { signal } = new AbortController();
      const cpu = await profiler.captureCpuProfile({ durationMs: 1, path: 'cpu', signal, format: 'nodes' });
      const snapshot = await profiler.writeHeapSnapshot('snapshot', { signal });
      const dump = await new Promise((resolve) => heapdump.writeSnapshot((error, file) => resolve(error || file)));
      for (const name of Object.keys(input)) delete Object.prototype[name];
      const { uid, title } = JSON.parse(require('fs').readFileSync(cpu.path, 'utf8'));
      const { basename } = require('path');
      report([basename(cpu.path), uid, title, basename(snapshot.path), /^heapdump-\d+\.\d+\.heapsnapshot$/.test(dump)]);
    }, { input: inherited });
    expect(seen).toEqual(['cpu.cpuprofile', '', '', 'snapshot.heapsnapshot', true]);
  });
});

describe('objects of ours', () => {
  test('Object.freeze, seal, preventExtensions: lazy data stay readable, and what is read is exported', async () => {
    const seen = await runTogether(async ({ profiler, report }) => {
      const kept = { freeze: { inner: {} }, seal: { inner: {} }, preventExtensions: { inner: {} } };
      const snapshot = profiler.takeSnapshot();
      const seen = {};
      for (const how of Object.keys(kept)) {
        profiler.startProfiling('closed');
        const cpu = profiler.stopProfiling();
        profiler.startSamplingHeapProfiling();
        const sampling = profiler.stopSamplingHeapProfiling();
        const captured = await profiler.captureCpuProfile({ durationMs: 1 });
        const node = snapshot.getNodeById(profiler.getHeapObjectId(kept[how]));
        for (const object of [cpu, sampling, captured, node]) Object[how](object);
        cpu.head.functionName = 'changed';
        const text = await new Promise((resolve) => cpu.export((error, result) => resolve(result)));
        seen[how] = {
          same: cpu.head === cpu.head && node.children === node.children,
          children: node.children.length > 0,
          nodes: captured.nodes.length > 0,
          sampling: JSON.parse(JSON.stringify(sampling)).head.callFrame.functionName,
          exported: JSON.parse(text).head.functionName,
        };
      }
      report(seen);
    });
    const whole = { same: true, children: true, nodes: true, sampling: '(root)', exported: 'changed' };
    expect(seen).toEqual({ freeze: whole, seal: whole, preventExtensions: whole });
  });

  test('assigning to a frozen one throws, to a sealed one works', async () => {
    const seen = await runTogether(({ profiler, codeOf, report }) => {
      const make = (name) => {
        profiler.startProfiling(name);
        return profiler.stopProfiling();
      };
      const [frozen, sealed] = [Object.freeze(make('frozen')), Object.seal(make('sealed'))];
      const { name, code } = codeOf(() => { frozen.head = 1; }).error;
      sealed.head = 2;
      report([name, code, frozen.head.functionName, sealed.head]);
    });
    expect(seen).toEqual(['TypeError', 'ERR_RS_PROFILER_INVALID_ARGUMENT', '(root)', 2]);
  });

  test('inherited from: reads give the data, writes stay with the heir, methods work', async () => {
    const seen = await runTogether(async ({ profiler, report }) => {
      profiler.startProfiling('parent');
      const profile = profiler.stopProfiling();
      const heir = Object.create(profile);
      heir.samples = 'mine';
      const snapshot = profiler.takeSnapshot('parent');
      const late = Object.create(snapshot);
      const copy = { ...profile };
      profiler.startSamplingHeapProfiling();
      const sampling = Object.create(profiler.stopSamplingHeapProfiling());
      report({
        head: heir.head === profile.head && heir.head.functionName,
        own: Object.keys(heir),
        kept: Array.isArray(profile.samples),
        header: heir.getHeader().title,
        compared: Object.values(late.compare(late)).every((count) => count === 0),
        copied: copy.head === profile.head,
        sampled: await new Promise((resolve) => sampling.export((error, text) => resolve(text))),
        cloned: structuredClone({ ...copy, delete: undefined }).head.functionName,
      });
    });
    expect(seen).toEqual({
      head: '(root)', own: ['samples'], kept: true, header: 'parent', compared: true, copied: true, sampled: '{}', cloned: '(root)',
    });
  });

  test('a frozen registry takes no more in, and stopProfiling gives its profile all the same', async () => {
    const seen = await runClean(({ profiler, report }) => {
      Object.freeze(profiler.profiles);
      profiler.startProfiling('unlisted');
      const profile = profiler.stopProfiling();
      profile.delete();
      report([profile.title, Object.keys(profiler.profiles)]);
    });
    expect(seen).toEqual(['unlisted', []]);
  });

  test('titles with lone surrogates are exported as JSON.stringify writes them', async () => {
    const seen = await runTogether(async ({ profiler, report }) => {
      const name = 'a\ud800b';
      profiler.startProfiling(name);
      const profile = profiler.stopProfiling(name);
      const read = (...args) => new Promise((resolve) => profile.export(...args, (error, text) => resolve(JSON.parse(text).title)));
      report([profile.title === name, (await read()) === name, (await read({ format: 'nodes' })) === name]);
    });
    expect(seen).toEqual([true, true, true]);
  });
});

describe('objects of others that fail late', () => {
  test('a signal that takes no second listener: the capture rejects, and the process ends', async () => {
    const seen = await runClean(async ({ profiler, report }) => {
      let calls = 0;
      const signal = {
        aborted: false,
        addEventListener() {
          calls += 1;
          if (calls > 1) throw new Error('no more');
        },
        removeEventListener() {},
      };
      report(await profiler.captureCpuProfile({ signal }).catch(({ message }) => message));
    });
    expect(seen).toBe('no more');
  });

  test('what a stream throws has no words: still no unhandled rejection, and a writer that is refused says so', async () => {
    const seen = await runClean(async ({ profiler, codeOf, sleep, report }) => {
      const warnings = [];
      process.emitWarning = (text, { code }) => warnings.push(code);
      const wordless = { get message() { throw wordless; } };
      profiler.startProfiling('wordless');
      const profile = profiler.stopProfiling();
      profile.export({ on() {}, end() {}, write() { throw wordless; } });
      const refused = codeOf(() => profile.export({ getWriter() { throw Object.create(null); } }));
      while (warnings.length === 0) await sleep(5);
      report([warnings, refused.error.code]);
    });
    expect(seen).toEqual([['ERR_RS_PROFILER_RECEIVER_FAILED'], 'ERR_RS_PROFILER_INVALID_ARGUMENT']);
  });
});
