'use strict';

const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { convert, openCpuProfile, openHeapSnapshot, redactHeapSnapshot, writeHeapSnapshot } = require('..');
const { tempFolder } = require('./helpers/temp-folder');

/** A profile whose text has some 20 MB. */
function bigProfile() {
  const nodes = [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, children: [] }];
  for (let id = 2; id <= 100_000; id += 1) {
    nodes[0].children.push(id);
    const callFrame = { functionName: `function${id}`, scriptId: '1', url: `file:///srv/app/file${id % 50}.js`, lineNumber: id, columnNumber: 0 };
    nodes.push({ id, callFrame, hitCount: 5, children: [] });
  }
  const samples = Array.from({ length: 500_000 }, (_, at) => 2 + (at % 99_999));
  return { nodes, startTime: 0, endTime: 5e8, samples, timeDeltas: samples.map(() => 1000) };
}

let file;
let bytes;

beforeAll(() => {
  file = path.join(tempFolder(), 'big.cpuprofile');
  fs.writeFileSync(file, JSON.stringify(bigProfile()));
  bytes = fs.statSync(file).size;
});

/** Progress grows in each phase, the phases are `phases` or the last of them, and the last call says that all is done. */
function expectGrowing(seen, phases) {
  expect(seen.length).toBeGreaterThan(0);
  const last = seen[seen.length - 1];
  expect(last).toEqual({ phase: phases[phases.length - 1], done: last.total, total: expect.any(Number) });
  expect(last.total).toBeGreaterThan(0);
  for (const [at, { phase, done }] of seen.entries()) {
    const before = seen[at - 1] ?? { phase, done: 0 };
    expect(phases.indexOf(phase)).toBeGreaterThanOrEqual(phases.indexOf(before.phase));
    if (phase === before.phase) expect(done).toBeGreaterThanOrEqual(before.done);
  }
}

describe('openCpuProfile', () => {
  test('tells how far it has come', async () => {
    const seen = [];
    const analysis = await openCpuProfile(file, { onProgress: (progress) => seen.push(progress) });
    expectGrowing(seen, ['read', 'analyse']);
    for (const { phase, done, total } of seen) {
      expect(total).toBe(phase === 'read' ? bytes : 2);
      expect(done).toBeLessThanOrEqual(total);
    }
    expect(await analysis.summary()).toMatchObject({ nodes: 100_000 });
  });

  test('counts the bytes of a compressed file as they lie there', async () => {
    const packed = path.join(tempFolder(), 'big.cpuprofile.gz');
    fs.writeFileSync(packed, zlib.gzipSync(fs.readFileSync(file), { level: 1 }));
    const seen = [];
    await openCpuProfile(packed, { onProgress: (progress) => seen.push(progress) });
    expectGrowing(seen, ['read', 'analyse']);
    const { size } = fs.statSync(packed);
    for (const { done, total } of seen.filter(({ phase }) => phase === 'read')) {
      expect(total).toBe(size);
      expect(done).toBeLessThanOrEqual(size);
    }
  });

  if (process.platform !== 'win32') {
    test('tells of a pipe, whose length is unknown, while it waits for more', async () => {
      const pipe = path.join(tempFolder(), 'pipe');
      execFileSync('mkfifo', [pipe]);
      const text = fs.readFileSync(file);
      const half = text.length / 2;
      let told;
      const halfRead = new Promise((resolve) => {
        told = ({ phase, done, total }) => phase === 'read' && done >= half - 100_000 && resolve({ done, total });
      });
      const opening = openCpuProfile(pipe, { onProgress: told });
      const writer = await fs.promises.open(pipe, 'w');
      await writer.writeFile(text.subarray(0, half));
      const { done, total } = await halfRead;
      expect([done <= half, total]).toEqual([true, 0]);
      await writer.writeFile(text.subarray(half));
      await writer.close();
      expect(await (await opening).summary()).toMatchObject({ nodes: 100_000 });
    });
  }

  test('what onProgress throws is its error, and an abort from there ends it', async () => {
    const thrown = new Error('enough');
    await expect(openCpuProfile(file, { onProgress: () => { throw thrown; } })).rejects.toBe(thrown);
    const controller = new AbortController();
    const opening = openCpuProfile(file, { signal: controller.signal, onProgress: () => controller.abort('enough') });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    await expect(openCpuProfile(file, { onProgress: 7 })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  });
});

describe('convert', () => {
  test.each(['inspector', 'speedscope', 'collapsed'])('tells how far it has come with %s', async (to) => {
    const output = path.join(tempFolder(), 'out');
    const seen = [];
    const report = await convert(file, output, { to, onProgress: (progress) => seen.push(progress) });
    expectGrowing(seen, ['read', 'write']);
    expect(seen[seen.length - 1].done).toBe(report.bytes);
    expect(fs.statSync(output).size).toBe(report.bytes);
  });

  test('leaves no file when it is aborted or onProgress throws, in either phase', async () => {
    const folder = tempFolder();
    const output = path.join(folder, 'out');
    for (const wanted of ['read', 'write']) {
      const controller = new AbortController();
      const { signal } = controller;
      const abort = ({ phase, done, total }) => (phase === wanted || done === total) && controller.abort();
      await expect(convert(file, output, { to: 'inspector', signal, onProgress: abort })).rejects.toMatchObject({ code: 'ABORT_ERR' });
      const thrown = new RangeError('enough');
      const fail = ({ phase, done, total }) => {
        if (phase === wanted || done === total) throw thrown;
      };
      await expect(convert(file, output, { to: 'inspector', onProgress: fail })).rejects.toBe(thrown);
    }
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

test('a snapshot is opened in the steps that are told, and redacted by the bytes of its file', async () => {
  const folder = tempFolder();
  const { path: snapshot } = await writeHeapSnapshot(path.join(folder, 'packed.heapsnapshot'), { compress: 'gzip', isolation: 'inline' });
  const opened = [];
  await openHeapSnapshot(snapshot, { onProgress: (progress) => opened.push(progress) });
  expectGrowing(opened, ['read', 'analyse']);
  expect(opened[opened.length - 1].total).toBe(12);
  const redacted = [];
  await redactHeapSnapshot(snapshot, path.join(folder, 'redacted'), { onProgress: (progress) => redacted.push(progress) });
  expectGrowing(redacted, ['read']);
  expect(redacted[redacted.length - 1].total).toBe(fs.statSync(snapshot).size);
});

test('the command line draws its bar for CPU profiles as well, where stderr is a terminal', () => {
  const folder = tempFolder();
  const terminal = path.join(folder, 'terminal.js');
  fs.writeFileSync(terminal, 'process.stderr.isTTY = true;');
  const bin = path.join(__dirname, '..', 'bin', 'rs-profiler.js');
  const said = (preload, ...args) => spawnSync(process.execPath, [...preload, bin, ...args], { encoding: 'utf8' }).stderr;
  const converted = said(['--require', terminal], 'cpu', 'convert', file, '-o', path.join(folder, 'out.collapsed'));
  expect(converted).toContain(`\rWriting big.cpuprofile [${'#'.repeat(30)}] 100 %`);
  expect(said(['--require', terminal], 'cpu', 'groups', file)).toContain('\rAnalysing big.cpuprofile [');
  expect(said([], 'cpu', 'groups', file)).toBe('');
});
