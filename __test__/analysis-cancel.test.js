'use strict';

const { getEventListeners } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { openCpuProfile, openHeapSnapshot, writeHeapSnapshot } = require('..');
const { tempFolder } = require('./helpers/temp-folder');

const ABORTED = { name: 'AbortError', code: 'ABORT_ERR' };
const DELETED = { code: 'ERR_RS_PROFILER_DELETED' };
const CPU = path.join(__dirname, '..', 'crates', 'core', 'tests', 'fixtures', 'node24.cpuprofile');

let file;

beforeAll(async () => {
  ({ path: file } = await writeHeapSnapshot(path.join(tempFolder(), 'a.heapsnapshot'), { isolation: 'inline' }));
});

/** Every question that may take long. */
const QUESTIONS = {
  suspects: (analysis) => analysis.suspects(),
  'suspects with a base': (analysis, base) => analysis.suspects({ base }),
  compare: (analysis, base) => analysis.compare(base),
  classes: (analysis) => analysis.classes(),
  'classes of duplicated strings': (analysis) => analysis.classes({ filter: 'duplicatedStrings' }),
  'classes retained by contexts': (analysis) => analysis.classes({ filter: 'retainedByContexts' }),
  instances: (analysis) => analysis.instances('(string)'),
  duplicatedStrings: (analysis) => analysis.duplicatedStrings(),
  dominatorTree: (analysis) => analysis.dominatorTree({ leastShare: 0 }),
};

describe('close()', () => {
  test.each(Object.entries(QUESTIONS))('ends %s', async (name, ask) => {
    const [base, analysis] = await Promise.all([openHeapSnapshot(file), openHeapSnapshot(file)]);
    const asked = ask(analysis, base);
    analysis.close();
    await expect(asked).rejects.toMatchObject(ABORTED);
    await expect(ask(analysis, base)).rejects.toMatchObject(DELETED);
    expect(await base.summary()).toMatchObject({ truncation: null });
  });

  test('of the base ends what is asked with it, and nothing else', async () => {
    const [base, analysis] = await Promise.all([openHeapSnapshot(file), openHeapSnapshot(file)]);
    const ends = Promise.allSettled([analysis.compare(base), base.suspects(), analysis.statistics()]);
    base.close();
    const [compared, own, alone] = await ends;
    expect([compared.reason, own.reason]).toMatchObject([ABORTED, ABORTED]);
    expect(alone.value.total).toBeGreaterThan(0);
    await expect(analysis.compare(base)).rejects.toMatchObject(DELETED);
    // With itself as the base a snapshot is asked once.
    expect((await analysis.compare(analysis)).rows).toEqual([]);
  });

  test('of a CPU profile ends its questions', async () => {
    const analysis = await openCpuProfile(CPU);
    const asked = analysis.top();
    analysis.close();
    await expect(asked).rejects.toMatchObject(ABORTED);
    await expect(analysis.top()).rejects.toMatchObject(DELETED);
  });
});

describe('the signal that was given to the opening', () => {
  test.each(Object.entries({ heap: () => file, cpu: () => CPU }))('ends questions of a %s file with its reason, now and later', async (kind, input) => {
    const controller = new AbortController();
    const { signal } = controller;
    const analysis = await (kind === 'heap' ? openHeapSnapshot : openCpuProfile)(input(), { signal });
    expect(await analysis.summary()).toBeTruthy();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const asked = [1, 2].map(() => (kind === 'heap' ? analysis.suspects() : analysis.hot()));
    const ends = Promise.allSettled(asked);
    controller.abort('enough');
    const reason = expect.objectContaining({ ...ABORTED, cause: 'enough' });
    expect(await ends).toEqual(asked.map(() => ({ status: 'rejected', reason })));
    await expect(analysis.summary()).rejects.toMatchObject({ ...ABORTED, cause: 'enough' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('has one listener, however much is asked at once, and none when that is answered', async () => {
    const { signal } = new AbortController();
    const analysis = await openHeapSnapshot(file, { signal });
    const asked = Promise.all(Array.from({ length: 20 }, () => analysis.statistics()));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    expect(new Set((await asked).map(({ total }) => total)).size).toBe(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await expect(analysis.node(4e9)).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('of a stream does the same, and that of the base too', async () => {
    const controller = new AbortController();
    const base = await openHeapSnapshot(fs.createReadStream(file), { signal: controller.signal });
    const analysis = await openHeapSnapshot(file);
    const asked = analysis.compare(base);
    controller.abort('enough');
    await expect(asked).rejects.toMatchObject({ ...ABORTED, cause: 'enough' });
    await expect(analysis.compare(base)).rejects.toMatchObject(ABORTED);
    expect((await analysis.compare(analysis)).matchedBy).toBe('id');
  });
});
