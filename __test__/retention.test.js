'use strict';

/** Which files of a folder are kept. */

const fs = require('node:fs');
const path = require('node:path');

const { NAME, cleanUp, newName } = require('../lib/retention');
const { tempFolder } = require('./helpers/temp-folder');

const MUCH = { maxCount: 100, maxAgeMs: 2 ** 40, maxBytes: 2 ** 40 };
const ids = 'abcdefgh';

/** Captures of 10 bytes, a second apart, the oldest first. */
function fill(folder, count) {
  return Array.from({ length: count }, (_, at) => {
    const name = newName('cpu-profile', 'cpuprofile');
    const file = path.join(folder, name);
    fs.writeFileSync(file, '0123456789');
    const time = Date.now() / 1000 - (count - at);
    fs.utimesSync(file, time, time);
    return name;
  });
}

const left = (folder) => fs.readdirSync(folder).sort();

test('names are of one pattern, and no two are the same', () => {
  const names = ['heapsnapshot', 'heapsnapshot.gz', 'heapsnapshot.zst'].map((extension) => newName('heap-snapshot', extension));
  expect(names.every((name) => NAME.test(name))).toBe(true);
  expect(new Set(ids.split('').map(() => newName('cpu-profile', 'cpuprofile'))).size).toBe(ids.length);
});

test.each([
  ['count', { maxCount: 2 }, 2], ['bytes', { maxBytes: 35 }, 3], ['age', { maxAgeMs: 2500 }, 2], ['nothing', {}, 5],
  ['the newest stays', { maxBytes: 1, maxAgeMs: 1 }, 1],
])('the oldest go, by %s', async (_what, limits, kept) => {
  const folder = tempFolder();
  const names = fill(folder, 5);
  const removed = await cleanUp(folder, { ...MUCH, ...limits });
  expect(removed.sort()).toEqual(names.slice(0, 5 - kept).sort());
  expect(left(folder)).toEqual(names.slice(5 - kept).sort());
});

test('files of other names, links, folders and what is named stay; old unfinished files go', async () => {
  const folder = tempFolder();
  const [first, ...names] = fill(folder, 4);
  const others = ['cpu-profile.cpuprofile', 'notes.txt', `x${newName('cpu-profile', 'cpuprofile')}`, 'Heap.20260101.000000.1.0.001.heapsnapshot'];
  for (const name of others) fs.writeFileSync(path.join(folder, name), '');
  const [link, directory, fresh, stale] = ['link', 'folder', 'fresh', 'stale'].map(() => newName('heap-snapshot', 'heapsnapshot'));
  fs.symlinkSync(path.join(folder, 'notes.txt'), path.join(folder, link));
  fs.mkdirSync(path.join(folder, directory));
  for (const name of [fresh, stale]) fs.writeFileSync(path.join(folder, `${name}.partial`), '');
  fs.utimesSync(path.join(folder, `${stale}.partial`), 1, 1);
  const removed = await cleanUp(folder, { ...MUCH, maxCount: 1 }, [first]);
  expect(removed.sort()).toEqual([...names.slice(0, -1), `${stale}.partial`].sort());
  expect(left(folder)).toEqual([...others, link, directory, `${fresh}.partial`, first, names[names.length - 1]].sort());
});
