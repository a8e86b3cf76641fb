'use strict';

/** The limits of cgroups and machine, read from made-up file trees. */

const fs = require('node:fs');
const path = require('node:path');
const { readMemoryLimits } = require('../lib/memory-limits');
const { tempFolder } = require('./helpers/temp-folder');

const MIB = 1024 * 1024;
const V2 = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';
const V1 = '35 31 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n'
  + '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n';

/** Writes files into a folder that stands for `/`. */
function tree(files) {
  const root = tempFolder();
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return root;
}

const v2 = (folder, max, current, inactive = 0) => ({
  [`${folder}/memory.max`]: `${max}\n`,
  [`${folder}/memory.current`]: `${current}\n`,
  [`${folder}/memory.stat`]: `anon 1\nfile 2\ninactive_anon 7\ninactive_file ${inactive}\nactive_file 9\n`,
});

const v1 = (folder, limit, usage, inactive = 0) => ({
  [`${folder}/memory.limit_in_bytes`]: `${limit}\n`,
  [`${folder}/memory.usage_in_bytes`]: `${usage}\n`,
  [`${folder}/memory.stat`]: `cache 1\ninactive_file 3\ntotal_inactive_file ${inactive}\n`,
});

test('cgroup v2: the limit less what is used, file cache that can be dropped left out', () => {
  const root = tree({
    'proc/self/cgroup': '0::/app\n',
    'proc/self/mountinfo': V2,
    ...v2('sys/fs/cgroup/app', 512 * MIB, 300 * MIB, 100 * MIB),
  });
  expect(readMemoryLimits(root)).toEqual([
    { limit: 'cgroup', path: '/sys/fs/cgroup/app', limitBytes: 512 * MIB, usedBytes: 200 * MIB, availableBytes: 312 * MIB },
  ]);
});

test('cgroup v2, nested: every folder up to the mount is read, unlimited ones limit nothing', () => {
  const root = tree({
    'proc/self/cgroup': '0::/pods/one/app\n',
    'proc/self/mountinfo': V2,
    ...v2('sys/fs/cgroup/pods/one/app', 'max', 10 * MIB),
    ...v2('sys/fs/cgroup/pods/one', 100 * MIB, 90 * MIB),
    ...v2('sys/fs/cgroup/pods', 1000 * MIB, 995 * MIB),
    ...v2('sys/fs/cgroup/other', 1, 1),
  });
  const found = readMemoryLimits(root).map((limit) => [limit.path, limit.availableBytes / MIB]);
  expect(found).toEqual([['/sys/fs/cgroup/pods/one', 10], ['/sys/fs/cgroup/pods', 5]]);
});

test('cgroup v2: memory.high counts when it is lower', () => {
  const files = { ...v2('sys/fs/cgroup/app', 512 * MIB, 100 * MIB), 'sys/fs/cgroup/app/memory.high': `${200 * MIB}\n` };
  const root = tree({ 'proc/self/cgroup': '0::/app\n', 'proc/self/mountinfo': V2, ...files });
  expect(readMemoryLimits(root)[0]).toMatchObject({ limitBytes: 200 * MIB, availableBytes: 100 * MIB });
});

test('usage above the limit leaves nothing, not less', () => {
  const root = tree({ 'proc/self/cgroup': '0::/app\n', 'proc/self/mountinfo': V2, ...v2('sys/fs/cgroup/app', 100, 150) });
  expect(readMemoryLimits(root)[0].availableBytes).toBe(0);
});

test('cgroup v1: the hierarchy of the memory controller, and its number for no limit', () => {
  const root = tree({
    'proc/self/cgroup': '5:cpu,cpuacct:/wrong\n4:hugetlb,memory:/docker/abc\n1:name=systemd:/wrong\n',
    'proc/self/mountinfo': V1,
    ...v1('sys/fs/cgroup/memory/docker/abc', 256 * MIB, 200 * MIB, 50 * MIB),
    ...v1('sys/fs/cgroup/memory/docker', '9223372036854771712', 400 * MIB),
    ...v1('sys/fs/cgroup/memory', '9223372036854771712', 800 * MIB),
  });
  expect(readMemoryLimits(root)).toEqual([{
    limit: 'cgroup',
    path: '/sys/fs/cgroup/memory/docker/abc',
    limitBytes: 256 * MIB,
    usedBytes: 150 * MIB,
    availableBytes: 106 * MIB,
  }]);
});

test('cgroup v1 in a container: the mount shows the own cgroup as its root', () => {
  const root = tree({
    'proc/self/cgroup': '4:memory:/docker/abc/inner\n',
    'proc/self/mountinfo': '35 31 0:31 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
    ...v1('sys/fs/cgroup/memory/inner', 30 * MIB, 10 * MIB),
    ...v1('sys/fs/cgroup/memory', 25 * MIB, 10 * MIB),
  });
  const found = readMemoryLimits(root).map((limit) => [limit.path, limit.availableBytes / MIB]);
  expect(found).toEqual([['/sys/fs/cgroup/memory/inner', 20], ['/sys/fs/cgroup/memory', 15]]);
});

test('a path of another namespace: the mount is all there is to see', () => {
  for (const own of ['/kubepods/pod1/abc', '/../../pod1']) {
    const root = tree({
      'proc/self/cgroup': `0::${own}\n`,
      'proc/self/mountinfo': '30 23 0:26 /docker/xyz /sys/fs/cgroup\\040of\\040mine rw - cgroup2 cgroup2 rw\n',
      ...v2('sys/fs/cgroup of mine', 64 * MIB, 4 * MIB),
    });
    expect([own, readMemoryLimits(root).map((limit) => limit.availableBytes / MIB)]).toEqual([own, [60]]);
  }
});

test('hybrid: the memory controller is in v1, v2 has no files of it', () => {
  const root = tree({
    'proc/self/cgroup': '4:memory:/app\n0::/app\n',
    'proc/self/mountinfo': `${V1}41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`,
    'sys/fs/cgroup/unified/app/cgroup.procs': '1\n',
    ...v1('sys/fs/cgroup/memory/app', 64 * MIB, 4 * MIB),
  });
  expect(readMemoryLimits(root).map((limit) => limit.path)).toEqual(['/sys/fs/cgroup/memory/app']);
});

test('the machine: memory that is available without swapping', () => {
  const meminfo = 'MemTotal:       1000 kB\nMemFree:          50 kB\nMemAvailable:    400 kB\nSwapTotal: 900 kB\nSwapFree: 900 kB\n';
  expect(readMemoryLimits(tree({ 'proc/meminfo': meminfo }))).toEqual([
    { limit: 'host', limitBytes: 1000 * 1024, usedBytes: 600 * 1024, availableBytes: 400 * 1024 },
  ]);
});

test('the address space, when it is limited', () => {
  const files = (soft) => ({
    'proc/self/limits': `Limit                     Soft Limit           Hard Limit           Units\nMax address space         ${soft}           unlimited            bytes\n`,
    'proc/self/status': 'Name:\tnode\nVmSize:\t    1000 kB\nVmRSS:\t     100 kB\n',
  });
  expect(readMemoryLimits(tree(files('unlimited')))).toEqual([]);
  expect(readMemoryLimits(tree(files('2048000')))).toEqual([
    { limit: 'address-space', limitBytes: 2048000, usedBytes: 1024000, availableBytes: 1024000 },
  ]);
});

test('nothing there, or nothing that makes sense: no limits and no error', () => {
  expect(readMemoryLimits(tree({}))).toEqual([]);
  const odd = { 'proc/self/cgroup': 'x\n\n::\n', 'proc/self/mountinfo': 'a b - c\n - \n', 'proc/meminfo': 'MemTotal: many\n' };
  expect(readMemoryLimits(tree(odd))).toEqual([]);
});

test('this machine', () => {
  for (const limit of readMemoryLimits()) {
    expect(limit.availableBytes).toBeLessThanOrEqual(limit.limitBytes);
    expect(limit.availableBytes).toBeGreaterThanOrEqual(0);
  }
  if (process.platform === 'linux') expect(readMemoryLimits().map((limit) => limit.limit)).toContain('host');
});
