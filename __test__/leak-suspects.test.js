'use strict';

/**
 * What `suspects()` says of leaks as services have them: it names the container, what accumulates in it and the place, accuses
 * nothing else, and nothing in a healthy process.
 */

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const { openHeapSnapshot } = require('..');
const { tempFolder } = require('./helpers/temp-folder');

const PROGRAM = require.resolve('./helpers/leak-programs');

/** By program: the container, what accumulates, and the beginning of the sentence. Some leak in one process, to save time. */
const GROUPS = [
  {
    listeners: ['listeners', 'Function', /^The list of event listeners bus\._events\.reload holds 3000 Function/],
    intervals: ['timers', 'Timeout', /^Node's list of timers holds 3000 Timeout .*leak-programs\.js:\d+:\d+/],
    mapByTime: ['Map', '{body}', /^The Map byTime in .*leak-programs\.js holds 3000 .*points in time/],
    setOfSockets: ['Set', 'Socket', /^The Set sockets in .*leak-programs\.js holds 600 Socket/],
    buffers: ['array', 'Buffer', /^The array uploads in .*leak-programs\.js holds 200 Buffer .*off the JavaScript heap/],
    queue: ['linked list', '{value, next}', /^The linked list queue\.first /],
    wrongBound: ['Map', 'Session', /^The Map cache\.entries holds 3000 Session .*leak-programs\.js:\d+:\d+/],
    staticArray: ['array', '{body}', /^The array Metrics\.history in .*leak-programs\.js holds 3000 /],
  },
  {
    closures: ['array', 'Function', /^The array callbacks holds 3000 Function .*leak-programs\.js:\d+:\d+/],
    timeouts: ['timers', 'Timeout', /^Node's list of timers holds 3000 Timeout .*leak-programs\.js:\d+:\d+/],
    objectByUrl: ['dictionary', '{body}', /^The object byUrl in .*leak-programs\.js, used as a dictionary, holds 3000 /],
    promises: ['array', 'Promise', /^The array pending .*holds 3000 Promise/],
    sharedBuffers: ['array', 'SharedArrayBuffer', /^The array shared in .*holds 200 SharedArrayBuffer .*off the JavaScript heap/],
    mapOfMaps: ['Map', '{body}', /^The Map tenants in .*holds 3000 \{body\}, in 5 containers within it/],
    subscribers: ['array', 'Function', /^The array channel\._subscribers holds 3000 Function .*grew/],
    streams: ['array', 'PassThrough', /^The array streams in .*holds 600 PassThrough/],
    modules: ['module.children', 'Module', /^module\.children of .*leak-programs\.js holds 19\d Module .*settings\.json, loaded again and again/],
  },
  {
    objectBySymbol: ['dictionary', '{body}', /^The object bySymbol /],
    asyncFunctions: ['promise reactions', 'Generator', /^The promise forever, .*holds 3000 Generator .*leak-programs\.js:\d+:\d+/],
    asyncResources: ['array', 'AsyncResource', /^The array resources in .*holds 3000 AsyncResource/],
    slicedStrings: ['array', '(sliced string)', /^The array tokens in .*holds 100 \(sliced string\) .*whole text/],
    concatenated: ['concatenated string', '(concatenated string)', /^The text log in .*put together piece by piece/],
    linkedList: ['linked list', '{next, value}', /^The linked list head .*grew/],
    twoContainers: ['array', 'Session', /^The array jobs holds 3000 Session .*something else holds them as well/],
    finalizers: ['FinalizationRegistry', '{body}', /^The FinalizationRegistry registry in .*holds 3000 /],
    esModule: ['array', '{body}', /^The array visits in .*history\.mjs holds 3000 /],
  },
];

const folder = tempFolder();

/** Two snapshots of a process with the leaks. */
function snapshotsOf(names, run = 'run') {
  const files = ['earlier', 'later'].map((when) => path.join(folder, `${names[0]}-${run}-${when}.heapsnapshot`));
  execFileSync(process.execPath, [PROGRAM, ...files, ...names], { stdio: 'pipe' });
  return files;
}

/** The suspects that two snapshots of a process with the leaks show: what grew, and what is there. */
async function suspectsOf(names) {
  const files = snapshotsOf(names);
  const [base, analysis] = await Promise.all(files.map((file) => openHeapSnapshot(file)));
  const found = { grown: await analysis.suspects({ base }), there: await analysis.suspects() };
  for (const opened of [base, analysis]) opened.close();
  return found;
}

describe.each(GROUPS.map((group) => [Object.keys(group).join(', '), group]))('leaks at once: %s', (_names, group) => {
  let suspects;

  beforeAll(async () => {
    suspects = (await suspectsOf(Object.keys(group))).grown;
  });

  test.each(Object.entries(group))('%s', (_name, [container, className, sentence]) => {
    const [suspect, ...more] = suspects.filter((found) => sentence.test(found.sentence));
    if (!suspect) throw new Error(`None of these sentences is like ${sentence}:\n${suspects.map((found) => found.sentence).join('\n')}`);
    expect(more).toEqual([]);
    expect(suspect).toMatchObject({ container, accumulated: { className } });
    const { growth, retainedSize } = suspect;
    expect(growth.elements).toBeGreaterThan(growth.baseElements);
    expect(retainedSize).toBeGreaterThan(growth.baseRetainedSize * 1.2);
  });

  test('nothing else is accused', () => {
    const expressions = Object.values(group).map(([, , sentence]) => sentence);
    const others = suspects.filter((found) => !expressions.some((sentence) => sentence.test(found.sentence)));
    expect(others.map((found) => found.sentence)).toEqual([]);
  });
});

test('the base is of another process: growth is that of what the same path leads to', async () => {
  const names = ['mapByTime', 'staticArray', 'listeners', 'linkedList'];
  const [[earlier], [, later]] = [snapshotsOf(names, 'base'), snapshotsOf(names)];
  const [base, analysis] = await Promise.all([earlier, later].map((file) => openHeapSnapshot(file)));
  expect(await analysis.compare(base)).toMatchObject({ matchedBy: 'shape' });
  const suspects = await analysis.suspects({ base });
  expect(suspects.map(({ container }) => container).sort()).toEqual(['Map', 'array', 'linked list', 'listeners']);
  for (const { container, growth, retainedSize, sentence } of suspects) {
    expect([container, growth]).toEqual([container, expect.objectContaining({ foundBy: 'path' })]);
    expect(retainedSize).toBeGreaterThan(growth.baseRetainedSize * 1.2);
    expect(sentence).toMatch(/what the same path leads to in the base, whose ids do not match, is smaller by/);
    if (container !== 'linked list') expect(growth).toMatchObject({ baseElements: 1500, elements: 3000 });
  }
  for (const opened of [base, analysis]) opened.close();
});

test('a healthy process with a big table: nothing grew; alone, only the table is named', async () => {
  const { grown, there } = await suspectsOf(['healthy']);
  expect(grown).toEqual([]);
  expect(there.map((found) => [found.container, found.accumulated.count])).toEqual([['Map', 6000]]);
});
