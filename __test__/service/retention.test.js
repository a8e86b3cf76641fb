'use strict';

/** Which stored captures are kept. */

const fs = require('node:fs');
const path = require('node:path');
const { tempFolder } = require('../helpers/temp-folder');
const { newName } = require('../../lib/retention');
const { prepareFolder } = require('../../lib/service/folder');
const { cleanUp, listCaptures, openCapture, removeCapture } = require('../../lib/service/retention');

const ALL = { maxCount: 1000, maxAgeMs: 1e12, maxBytes: 1e12 };
const HOUR_MS = 3_600_000;

/** Captures of so many bytes, the oldest first, an hour apart, the last one an hour old. */
function captures(folder, sizes) {
  return sizes.map((size, at) => {
    const name = newName('cpu-profile', 'cpuprofile');
    const file = path.join(folder, name);
    fs.writeFileSync(file, Buffer.alloc(size));
    const time = new Date(Date.now() - (sizes.length - at) * HOUR_MS);
    fs.utimesSync(file, time, time);
    return name;
  });
}

test('by count, by age, by bytes: the oldest go first, the newest stays', async () => {
  const folder = tempFolder();
  const names = captures(folder, [10, 20, 30, 40]);
  expect((await listCaptures(folder)).map(({ name, bytes, kind }) => [name, bytes, kind])).toEqual(
    [[names[3], 40, 'cpu-profile'], [names[2], 30, 'cpu-profile'], [names[1], 20, 'cpu-profile'], [names[0], 10, 'cpu-profile']]);
  expect(await cleanUp(folder, ALL)).toEqual([]);
  expect(await cleanUp(folder, { ...ALL, maxCount: 3 })).toEqual([names[0]]);
  expect(await cleanUp(folder, { ...ALL, maxAgeMs: 2.5 * HOUR_MS })).toEqual([names[1]]);
  expect(await cleanUp(folder, { ...ALL, maxBytes: 69 })).toEqual([names[2]]);
  expect(await cleanUp(folder, { maxCount: 1, maxAgeMs: 1, maxBytes: 1 })).toEqual([]);
});

test('other files are left alone, but not what a killed capture left long ago', async () => {
  const folder = tempFolder();
  const [name] = captures(folder, [1]);
  const others = ['notes.txt', 'x.heapsnapshot', `${name}.bak`, `${newName('heap-snapshot', 'heapsnapshot')}.partial`];
  const old = [`${newName('heap-snapshot', 'heapsnapshot.gz')}.partial`, `${newName('cpu-profile', 'cpuprofile')}.12-3.partial`,
    newName('report', 'html'), `${newName('report', 'html')}.partial`, 'capture.lock.12.34.5.abc', 'capture.lock.clearing.1-2'];
  for (const other of [...others, ...old]) fs.writeFileSync(path.join(folder, other), '');
  const time = new Date(Date.now() - 48 * HOUR_MS);
  for (const each of [...old, 'notes.txt']) fs.utimesSync(path.join(folder, each), time, time);
  await cleanUp(folder, { maxCount: 1, maxAgeMs: 1, maxBytes: 1 });
  expect(fs.readdirSync(folder).sort()).toEqual([name, ...others].sort());
});

test('only a name of ours opens or removes a file, and no link is followed', async () => {
  const folder = tempFolder();
  const [name] = captures(folder, [3]);
  const link = newName('cpu-profile', 'cpuprofile');
  fs.symlinkSync(path.join(folder, name), path.join(folder, link));
  fs.mkdirSync(path.join(folder, 'sub'));
  fs.copyFileSync(path.join(folder, name), path.join(folder, 'sub', name));
  const { handle, bytes } = await openCapture(folder, name);
  await handle.close();
  expect(bytes).toBe(3);
  for (const wrong of [link, `sub/${name}`, `./${name}`, `${name}/`, `../${path.basename(folder)}/${name}`, '', '.', 'capture.lock', `${name}\0`]) {
    expect([wrong, await openCapture(folder, wrong)]).toEqual([wrong, null]);
  }
  expect((await listCaptures(folder)).map((each) => each.name)).toEqual([name]);
  expect(await removeCapture(folder, `sub/${name}`)).toBe(false);
  expect(await removeCapture(folder, name)).toBe(true);
  expect(await removeCapture(folder, name)).toBe(false);
});

test('a folder is made private, and one that is not is refused', () => {
  const parent = tempFolder();
  const made = path.join(parent, 'a', 'b');
  prepareFolder(made);
  expect(fs.statSync(made).mode & 0o777).toBe(0o700);
  prepareFolder(made);
  fs.chmodSync(made, 0o750);
  expect(() => prepareFolder(made)).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_FOLDER' }));
  fs.writeFileSync(path.join(parent, 'file'), '');
  expect(() => prepareFolder(path.join(parent, 'file'))).toThrow(/is not a folder/);
  fs.mkdirSync(path.join(parent, 'private'), { mode: 0o700 });
  fs.symlinkSync(path.join(parent, 'private'), path.join(parent, 'link'));
  expect(() => prepareFolder(path.join(parent, 'link'))).toThrow(/is not a folder/);
});
