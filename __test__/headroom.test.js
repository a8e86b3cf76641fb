'use strict';

/** The guard: what it estimates, when it refuses, and what the error says. */

const fs = require('node:fs');
const path = require('node:path');
const { checkHeadroom, estimateNeed } = require('../lib/headroom');
const { runClean } = require('./helpers/child');
const { tempFolder } = require('./helpers/temp-folder');

const MIB = 1024 * 1024;
const heap = {
  statistics: { used_heap_size: 100 * MIB },
  spaces: [
    { space_name: 'old_space', space_used_size: 70 * MIB, physical_space_size: 80 * MIB },
    { space_name: 'large_object_space', space_used_size: 20 * MIB, physical_space_size: 20 * MIB },
    { space_name: 'code_large_object_space', space_used_size: 10 * MIB, physical_space_size: 10 * MIB },
  ],
};

/** A root with a cgroup of a limit. */
function limitedTo(bytes) {
  const root = tempFolder();
  const write = (file, text) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  write('proc/self/cgroup', '0::/app\n');
  write('proc/self/mountinfo', '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n');
  write('proc/meminfo', 'MemTotal: 90000000 kB\nMemAvailable: 80000000 kB\n');
  write('sys/fs/cgroup/app/memory.max', String(bytes));
  write('sys/fs/cgroup/app/memory.current', '0');
  return root;
}

test('the estimate is the sum of its parts', () => {
  const sample = { nodes: 1e6, edges: 4e6, longest: 1e5 };
  const need = estimateNeed({ isolation: 'inline', ...heap, sample });
  expect(need).toEqual({ neededBytes: 16 * MIB + 185e6 + 168e6 + 104e6, nodes: 1e6, edges: 4e6, sampled: true });
  const fork = estimateNeed({ isolation: 'fork', ...heap, sample });
  expect(fork.neededBytes - need.neededBytes).toBe(80 * MIB);
});

test('without a sample the worst measured ratios apply', () => {
  const need = estimateNeed({ isolation: 'inline', ...heap, sample: null });
  expect(need).toEqual({ neededBytes: (16 + 15 * 70 + 26 * 30) * MIB, sampled: false });
});

test('a capture that fits gives the figures of the tightest limit', async () => {
  const need = { neededBytes: 100 * MIB, sampled: true };
  expect(await checkHeadroom('inline', { root: limitedTo(126 * MIB), need })).toEqual({
    isolation: 'inline',
    neededBytes: 100 * MIB,
    sampled: true,
    limit: 'cgroup',
    path: '/sys/fs/cgroup/app',
    limitBytes: 126 * MIB,
    usedBytes: 0,
    availableBytes: 126 * MIB,
  });
});

test('a capture that does not, with a quarter to spare, is refused with the figures', async () => {
  const need = { neededBytes: 100 * MIB, nodes: 5, edges: 7, sampled: true };
  const error = await checkHeadroom('fork', { root: limitedTo(124 * MIB), need }).catch((caught) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(error.code).toBe('ERR_RS_PROFILER_HEADROOM');
  expect(error.headroom).toMatchObject({ isolation: 'fork', neededBytes: 100 * MIB, availableBytes: 124 * MIB, limit: 'cgroup', nodes: 5 });
  for (const part of ['fork', '100 MiB', '124 MiB', '/sys/fs/cgroup/app', 'headroom: false']) expect(error.message).toContain(part);
});

test('where nothing limits, nothing is refused', async () => {
  const need = { neededBytes: 1e15, sampled: true };
  expect(await checkHeadroom('inline', { root: tempFolder(), need })).toMatchObject({ limit: 'none', availableBytes: Infinity });
});

test('this process is estimated and fits', async () => {
  const headroom = await checkHeadroom('inline');
  expect(headroom.neededBytes).toBeGreaterThan(16 * MIB);
  if (process.platform === 'linux') expect(headroom.sampled).toBe(true);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

/** Heaps, each of another kind. */
const SHAPES = {
  'small objects': () => Array.from({ length: 60000 }, (_, i) => ({ i, text: `n${i % 500}`, list: [{}] })),
  'long strings': () => Array.from({ length: 100 }, (_, i) => Buffer.alloc(150000, 97 + (i % 26)).toString('latin1')),
  buffers: () => Array.from({ length: 1000 }, () => Buffer.alloc(16384, 1)),
  closures: () => Array.from({ length: 80000 }, (_, i) => ((a) => () => [a, i])({ i })),
  'a few huge arrays': () => Array.from({ length: 5 }, () => new Array(300000).fill(Math)),
  'an array of numbers': () => new Array(2000000).fill(7),
};

onLinux.each(Object.keys(SHAPES))('the sample of %s is within a factor of 2 of the snapshot', async (name) => {
  const { nodes, edges } = await runClean(async ({ profiler, report, input }) => {
    global.kept = (0, eval)(input.make)();
    for (let i = 0; i < 3; i++) global.gc();
    const estimate = await require(input.headroom).estimateOwnNeed('inline');
    const snapshot = await profiler.writeHeapSnapshot('/dev/null');
    report({ nodes: estimate.nodes / snapshot.nodes, edges: estimate.edges / snapshot.edges });
  }, { input: { make: `(${SHAPES[name]})`, headroom: require.resolve('../lib/headroom') }, nodeArgs: ['--expose-gc'] });
  for (const ratio of [nodes, edges]) {
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  }
});
