'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const profiler = require('..');
const { convert, openCpuProfile } = profiler;

const FIXTURES = path.join(__dirname, '..', 'crates', 'core', 'tests', 'fixtures');
const cpu = (name) => path.join(FIXTURES, `${name}.cpuprofile`);

let folder;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-analysis-'));
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('openCpuProfile', () => {
  test('answers for a path, its text and its object alike', async () => {
    const text = fs.readFileSync(cpu('node24'));
    const analyses = await Promise.all([cpu('node24'), text, JSON.parse(text)].map((input) => openCpuProfile(input)));
    const answers = await Promise.all(analyses.map(async (analysis) => ({
      summary: await analysis.summary(),
      top: await analysis.top(),
      lines: await analysis.lines(),
      groups: await analysis.groups(),
    })));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const { summary, top, lines, groups } = answers[0];
    expect(summary.activeMs + summary.idleMs).toBeCloseTo(summary.totalMs, 6);
    expect(summary.unsampledMs + summary.totalMs).toBeCloseTo(summary.durationMs, 6);
    const never = top.find((row) => row.functionName === 'never');
    expect(never).toMatchObject({ url: '/srv/app/my service/hot é.js', group: 'app' });
    expect(never.selfShare).toBeCloseTo(never.selfMs / summary.activeMs, 9);
    expect(top[0].selfMs).toBeGreaterThanOrEqual(top[1].selfMs);
    expect(lines[0].lineNumber).toBeGreaterThan(0);
    expect(groups.map((row) => row.group)).toEqual(expect.arrayContaining(['app', 'node:', '(root)']));
  });

  test('the hit model has the numbers of DevTools', async () => {
    const { nodes, startTime, endTime } = JSON.parse(fs.readFileSync(cpu('node20'), 'utf8'));
    const hits = (some) => some.reduce((sum, node) => sum + node.hitCount, 0);
    const msPerHit = (endTime - startTime) / 1000 / hits(nodes);
    const top = await (await openCpuProfile(cpu('node20'))).top({ timeModel: 'hits' });
    const hot = top.find((row) => row.functionName === 'hot');
    const own = hits(nodes.filter((node) => node.callFrame.functionName === 'hot'));
    expect(own).toBeGreaterThan(0);
    expect(hot.selfMs).toBeCloseTo(own * msPerHit, 6);
  });

  test('the hit model orders, shares and compares by hits too', async () => {
    const frame = (functionName) => ({ functionName, scriptId: '1', url: 'file:///a.js', lineNumber: functionName.charCodeAt(0), columnNumber: 0 });
    const profile = (samples, timeDeltas) => ({
      nodes: [{ id: 1, callFrame: { ...frame('(root)'), url: '', scriptId: '0' }, children: [2, 3] },
        { id: 2, callFrame: frame('slow'), children: [] }, { id: 3, callFrame: frame('often'), children: [] }],
      startTime: 0, endTime: timeDeltas.reduce((sum, delta) => sum + delta, 0), samples, timeDeltas,
    });
    const later = await openCpuProfile(profile([2, 3, 3, 3], [0, 1000, 10, 10]));
    const base = await openCpuProfile(profile([2, 2, 3, 3], [0, 10, 10, 1000]));
    const names = (rows) => rows.map((row) => row.functionName).filter((name) => name !== '(root)');
    expect(names(await later.top())).toEqual(['slow', 'often']);
    expect(names(await later.top({ timeModel: 'hits' }))).toEqual(['often', 'slow']);
    expect(names(await later.hot({ timeModel: 'hits' }))[0]).toBe('often');
    for (const timeModel of ['deltas', 'hits']) {
      for (const row of await later.compare(base, { timeModel })) {
        expect(row.selfShareGrowth).toBeCloseTo(row.selfShare - row.base.selfShare, 9);
        expect(row.totalShareGrowth).toBeCloseTo(row.totalShare - row.base.totalShare, 9);
      }
    }
    const [often] = await later.compare(base, { timeModel: 'hits', limit: 1 });
    expect(Math.abs(often.selfShareGrowth)).toBeCloseTo(0.25, 9);
    await expect(later.top({ timeModel: 'hit' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    await expect(later.top({ limit: '10' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  });

  test('callers, callees and trees add up, under recursion too', async () => {
    const analysis = await openCpuProfile(cpu('node22'));
    const sum = (rows, key) => rows.reduce((all, row) => all + row[key], 0);
    const deep = (await analysis.top()).find((row) => row.functionName === 'deep');
    expect(sum(await analysis.callers(deep), 'totalMs')).toBeCloseTo(deep.totalMs, 6);
    expect(sum(await analysis.callees(deep.id), 'totalMs') + deep.selfMs).toBeCloseTo(deep.totalMs, 6);
    const { activeMs } = await analysis.summary();
    const tree = await analysis.tree({ leastShare: 0 });
    expect(tree.totalMs).toBeCloseTo(activeMs, 6);
    const check = (node) => {
      expect(node.selfMs + sum(node.children, 'totalMs')).toBeCloseTo(node.totalMs, 6);
      node.children.forEach(check);
    };
    check(tree);
    const heavy = await analysis.tree({ bottomUp: true, leastShare: 0 });
    const top = heavy.children.find((node) => node.id === deep.id);
    expect([top.selfMs, top.totalMs]).toEqual([deep.selfMs, deep.totalMs]);
  });

  test('hot functions have reasons', async () => {
    const hot = await (await openCpuProfile(cpu('node26'))).hot();
    const never = hot.find((row) => row.functionName === 'never');
    expect(never.reasons.join('\n')).toMatch(/does not optimise it/);
    expect(await (await openCpuProfile(cpu('node26'))).hot({ selfShare: 1.1, limit: 1 })).toHaveLength(1);
  });

  test('a profile is compared with another', async () => {
    const [base, later] = await Promise.all([openCpuProfile(cpu('node20')), openCpuProfile(cpu('node24'))]);
    const rows = await later.compare(base);
    const hot = rows.find((row) => row.functionName === 'hot');
    expect(hot.matched).toBe('place');
    expect(hot.selfShareGrowth).toBeCloseTo(hot.selfShare - hot.base.selfShare, 9);
    expect(rows.some((row) => row.matched === 'gone' && row.id === null)).toBe(true);
    expect((await base.compare(base)).every((row) => row.selfShareGrowth === 0)).toBe(true);
    await expect(later.compare({})).rejects.toThrow('The base must come from openCpuProfile');
    base.close();
    await expect(later.compare(base)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_DELETED' });
    await expect(base.top()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_DELETED' });
  });

  test('opens what this package has just recorded', async () => {
    profiler.startProfiling('analysed', true);
    const end = Date.now() + 60;
    while (Date.now() < end) Math.sqrt(Math.random());
    const profile = profiler.stopProfiling('analysed');
    const { hits } = await (await openCpuProfile(profile)).summary();
    profile.delete();
    expect(hits).toBeGreaterThan(0);
  });

  test('says what is wrong, and where', async () => {
    const text = fs.readFileSync(cpu('node24'));
    await expect(openCpuProfile(text.subarray(0, 4000))).rejects.toMatchObject({
      code: 'ERR_RS_PROFILER_INVALID_PROFILE',
      message: 'The profile is cut off: it ends at byte 4000, in nodes',
    });
    await expect(openCpuProfile(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
    await expect(openCpuProfile(7)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    const analysis = await openCpuProfile(text);
    await expect(analysis.callers(1e6)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    await expect(analysis.callers('hot')).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
  });

  test('is stopped by a signal', async () => {
    const controller = new AbortController();
    const opening = openCpuProfile(cpu('node24'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    // The profile may have been read before the signal came.
    const result = await opening.catch((error) => error);
    expect(result instanceof Error ? result.name : result.constructor.name).toMatch(/^(AbortError|CpuProfileAnalysis)$/);
    await expect(openCpuProfile(cpu('node24'), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('convert', () => {
  const heap = path.join(FIXTURES, 'node24.heapprofile');
  const output = (name) => path.join(folder, name);

  test('writes each format of both kinds of profiles', async () => {
    for (const [kind, input, unit] of [['cpu', cpu('node24'), 'microseconds'], ['heap', heap, 'bytes']]) {
      const texts = {};
      for (const to of ['inspector', 'collapsed', 'speedscope', 'pprof', 'svg']) {
        const file = output(`${kind}.${to}`);
        const report = await convert(input, file, { to, name: 'a title' });
        const bytes = fs.readFileSync(file);
        expect(report).toEqual({ path: file, bytes: bytes.length, kind });
        texts[to] = to === 'pprof' ? zlib.gunzipSync(bytes).toString('latin1') : bytes.toString();
      }
      expect(JSON.parse(texts.inspector)).toEqual(JSON.parse(fs.readFileSync(input, 'utf8')));
      expect(JSON.parse(texts.speedscope)).toMatchObject({ name: 'a title', profiles: [{ unit }] });
      expect(texts.collapsed).toMatch(/ \d+\n$/);
      expect(texts.pprof).toContain(kind === 'cpu' ? 'wall' : 'space');
      expect(texts.svg).toMatch(new RegExp(`a title[^]*\\d ${unit}, `));
    }
  });

  test('brings every shape into the inspector\'s', async () => {
    const shapes = ['inspector', 'nodes', 'tree'];
    const texts = [];
    for (const shape of shapes) {
      await convert(cpu(`shapes24.${shape}`), output(shape), { to: 'inspector' });
      const { nodes, samples } = JSON.parse(fs.readFileSync(output(shape), 'utf8'));
      texts.push({ nodes, samples });
    }
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
  });

  test('replaces what a link points to, and no folder', async () => {
    const [target, link] = ['real.svg', 'link.svg'].map((name) => path.join(folder, name));
    fs.writeFileSync(target, 'old');
    fs.symlinkSync(target, link);
    await convert(cpu('node24'), link, { to: 'svg' });
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(target, 'utf8')).toContain('<svg');
    await expect(convert(cpu('node24'), folder, { to: 'svg' })).rejects.toMatchObject({ code: 'EISDIR' });
  });

  if (process.platform === 'linux') {
    test('a device is written as it is: it never becomes a file', async () => {
      await expect(convert(cpu('node24'), '/dev/full', { to: 'svg' })).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'write' });
      expect(fs.statSync('/dev/full').isCharacterDevice()).toBe(true);
      expect(fs.readdirSync('/dev').filter((name) => name.endsWith('.partial'))).toEqual([]);
    });
  }

  test('leaves no file behind when it fails', async () => {
    const file = output('never.svg');
    const empty = { nodes: [{ id: 1, callFrame: { functionName: '(root)' } }], startTime: 0, endTime: 1 };
    await expect(convert(empty, file, { to: 'svg' })).rejects.toMatchObject({
      code: 'ERR_RS_PROFILER_INVALID_PROFILE',
      message: expect.stringContaining('nothing to draw'),
    });
    await expect(convert(Buffer.from('{}'), file, { to: 'svg' })).rejects.toMatchObject({
      message: expect.stringContaining('not a CPU profile'),
    });
    await expect(convert(heap, file, { to: 'gif' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    await expect(convert(heap, path.join(folder, 'no', 'such'), { to: 'svg' })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
  });
});
