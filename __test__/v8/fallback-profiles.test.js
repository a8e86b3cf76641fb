'use strict';

/** Profiles by Node's inspector, where a native part is missing: forms, several at once, and other users of the inspector. */

const { runClean } = require('../helpers/child');
const checks = require('../helpers/outcome');
const { emptyFolder } = require('../helpers/without-native');
const { walkTree } = require('../helpers/profiles');

/** Runs a function in a child without native parts. */
const inChild = (fn, { input, ...options } = {}) => (
  runClean(fn, { ...options, env: { RS_PROFILER_NATIVE_DIR: emptyFolder() }, input: { helpers: checks.file, ...input } }));

test('CPU profiles have the keys of their formats, in files and as objects, and fit together', async () => {
  const seen = await inChild(async ({ profiler, workload, report }) => {
    const fs = require('node:fs');
    const captured = async (options) => {
      const end = new AbortController();
      const capture = profiler.captureCpuProfile({ ...options, samplingIntervalUs: 500, signal: end.signal });
      await new Promise(setImmediate);
      workload.spin(60);
      end.abort();
      return capture;
    };
    const seen = {};
    for (const format of ['inspector', 'nodes', 'tree']) {
      let facts;
      let text = '';
      // On a machine that is very busy a profile may have no sample.
      for (let tries = 0; tries < 10 && !text.includes('hotLeaf'); tries++) {
        facts = await captured({ format, path: format });
        text = fs.readFileSync(facts.path, 'utf8');
      }
      const { nodes, samples, bytes } = facts;
      const object = JSON.parse(JSON.stringify(await captured({ format })));
      seen[format] = { file: JSON.parse(text), object, nodes, samples, sized: bytes === Buffer.byteLength(text) };
    }
    report(seen);
  });
  const keys = {
    inspector: ['nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'],
    nodes: ['typeId', 'uid', 'title', 'nodes', 'startTime', 'endTime', 'samples', 'timeDeltas'],
    tree: ['typeId', 'uid', 'title', 'head', 'startTime', 'endTime', 'samples', 'timestamps'],
  };
  for (const [format, { file, object, nodes, samples, sized }] of Object.entries(seen)) {
    expect([Object.keys(file), Object.keys(object), sized]).toEqual([keys[format], keys[format], true]);
    for (const profile of [file, object]) {
      const list = profile.nodes ?? walkTree(profile.head);
      const ids = new Set(list.map(({ id }) => id));
      expect(profile.samples.every((id) => ids.has(id))).toBe(true);
      expect((profile.timeDeltas ?? profile.timestamps)).toHaveLength(profile.samples.length);
      // Lines count from 1, but in the inspector's form from 0.
      const { lineNumber, scriptId } = list[0].callFrame ?? list[0];
      expect([lineNumber, scriptId]).toEqual(format === 'inspector' ? [-1, '0'] : [0, 0]);
    }
    expect((file.nodes ?? walkTree(file.head)).length).toBe(nodes);
    expect(file.samples).toHaveLength(samples);
  }
  const node = walkTree(seen.tree.file.head).find(({ functionName }) => functionName === 'hotLeaf');
  expect(node).toMatchObject({
    url: expect.stringMatching(/^file:.*workload\.js$/), callUID: expect.any(Number), bailoutReason: expect.any(String), id: expect.any(Number),
  });
  expect(Object.keys(node).slice(0, 10)).toEqual([
    'functionName', 'url', 'lineNumber', 'columnNumber', 'callUID', 'bailoutReason', 'id', 'scriptId', 'hitCount', 'children',
  ]);
});

test('eight CPU profiles at once, a ninth is one too many, and a session of the user goes on beside them', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const { outcomeOf } = require(input.helpers);
    const session = new (require('node:inspector').Session)();
    session.connect();
    const post = (method, params) => new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
    await post('Profiler.enable');
    await post('Profiler.start');
    const end = new AbortController();
    const running = Array.from({ length: 8 }, () => profiler.captureCpuProfile({ signal: end.signal }));
    const { error } = await outcomeOf(profiler.captureCpuProfile({ durationMs: 5 }));
    end.abort();
    const profiles = await Promise.all(running);
    const { profile } = await post('Profiler.stop');
    const again = await profiler.captureCpuProfile({ durationMs: 5 });
    report([error.code, profiles.every(({ nodes }) => nodes.length > 0), profile.startTime < profiles[0].startTime, again.engine]);
  });
  expect(seen).toEqual(['ERR_RS_PROFILER_TOO_MANY_PROFILES', true, true, 'node']);
});

test('one sampling heap profile at a time: of ours, and of the user\'s, which is let be', async () => {
  const seen = await inChild(async ({ profiler, report, input }) => {
    const { outcomeOf } = require(input.helpers);
    const session = new (require('node:inspector').Session)();
    session.connect();
    const post = (method, params) => new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
    const codes = [];
    const capture = async (options) => codes.push((await outcomeOf(profiler.captureSamplingHeapProfile({ durationMs: 5, ...options }))).error?.code ?? 'done');
    await post('HeapProfiler.startSampling');
    await capture();
    const { profile } = await post('HeapProfiler.stopSampling');
    const end = new AbortController();
    const first = profiler.captureSamplingHeapProfile({ signal: end.signal });
    await capture({ path: 'a' });
    end.abort();
    await first;
    // Stopped by somebody else: that is said, and the next one works.
    const robbed = profiler.captureSamplingHeapProfile({ durationMs: 50 });
    await post('HeapProfiler.stopSampling');
    codes.push((await outcomeOf(robbed)).error.code);
    await capture();
    report([codes, Boolean(profile.head), require('node:fs').readdirSync('.')]);
  });
  const busy = 'ERR_RS_PROFILER_BUSY';
  expect(seen).toEqual([[busy, busy, 'ERR_RS_PROFILER_NOT_RUNNING', 'done'], true, []]);
});

test('sampling heap profiles keep as many frames as was said, and every sample has its node', async () => {
  const [whole, cut, tree] = await inChild(async ({ profiler, report }) => {
    const kept = [];
    const descend = (depth) => (depth === 0 ? kept.push(Array.from({ length: 3000 }, () => ({ a: 1 }))) : descend(depth - 1));
    const captured = async (options) => {
      const end = new AbortController();
      const capture = profiler.captureSamplingHeapProfile({ intervalBytes: 512, ...options, signal: end.signal });
      await new Promise(setImmediate);
      descend(12);
      end.abort();
      return capture;
    };
    report([await captured({ stackDepth: 64 }), await captured({ stackDepth: 3 }), await captured({ stackDepth: 3, format: 'tree' })]);
  });
  const depthOf = ({ children }) => Math.max(0, ...children.map((child) => 1 + depthOf(child)));
  expect(depthOf(whole.head)).toBeGreaterThan(12);
  expect(depthOf(cut.head)).toBe(3);
  expect(depthOf(tree.head)).toBe(3);
  for (const { head, samples } of [whole, cut]) {
    const nodes = new Map(walkTree(head).map((node) => [node.id, node]));
    expect(samples.length).toBeGreaterThan(0);
    expect(samples.every(({ nodeId }) => nodes.has(nodeId))).toBe(true);
    expect(nodes.size).toBe(walkTree(head).length);
  }
  expect(Object.keys(tree)).toEqual(['head']);
  const [first] = tree.head.children;
  expect(first.callFrame).toMatchObject({ scriptId: expect.any(Number) });
});

test('without an inspector, or where none may be used, profiles are refused and snapshots work', async () => {
  const tried = async ({ profiler, report, input }) => {
    if (input.hide) {
      const { Module } = require('node:module');
      const load = Module._load;
      Module._load = (name, ...others) => {
        if (name === 'inspector') throw new Error('Inspector is not available');
        return load(name, ...others);
      };
    }
    const { outcomeOf } = require(input.helpers);
    const { engines, isolation } = profiler.capabilities();
    const codes = [];
    for (const name of ['captureCpuProfile', 'captureSamplingHeapProfile']) {
      const { error } = await outcomeOf(profiler[name]({ durationMs: 5 }));
      codes.push(error.code, error.message === engines.cpuProfile.reason && /inspector/.test(error.message) && error.message);
    }
    let bytes = 0;
    for await (const chunk of profiler.createHeapSnapshotStream()) bytes += chunk.length;
    report({ codes, engines: Object.values(engines).map(({ engine }) => engine), inline: isolation.inline.available, some: bytes > 1e5 });
  };
  const expected = (words) => {
    const refusal = ['ERR_RS_PROFILER_NATIVE_MISSING', expect.stringMatching(words)];
    return { codes: [...refusal, ...refusal], engines: ['node', null, null], inline: true, some: true };
  };
  expect(await inChild(tried, { input: { hide: true } })).toEqual(expected(/npm run setup.*not available/));
  const flags = process.allowedNodeEnvironmentFlags;
  // Node 18 has no permission model.
  if (!flags.has('--allow-fs-read')) return;
  const nodeArgs = [flags.has('--permission') ? '--permission' : '--experimental-permission', '--allow-fs-read=*', '--no-warnings'];
  expect(await runClean(tried, { nodeArgs, input: { helpers: checks.file } })).toEqual(expected(/^Start Node with --allow-addons.*permission model/));
});
