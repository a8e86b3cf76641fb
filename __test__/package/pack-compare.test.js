'use strict';

/** What `npm run pack:compare` says of two builds of a release. */

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { run } = require('../../scripts/run');
const { tempFolder } = require('../helpers/temp-folder');

const COMPARE = path.resolve(__dirname, '..', '..', 'scripts', 'pack', 'compare.js');

/** A folder with a tarball of these files, all of one date. */
function build(files, { level = 9, name = 'rs-profiler-1.0.0.tgz' } = {}) {
  const folder = tempFolder();
  fs.mkdirSync(path.join(folder, 'package'));
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, 'package', file), text);
  run('tar', ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '-cf', 'all.tar', 'package'], { cwd: folder });
  fs.writeFileSync(path.join(folder, name), require('zlib').gzipSync(fs.readFileSync(path.join(folder, 'all.tar')), { level }));
  return folder;
}

function compare(...folders) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMPARE, ...folders], { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.trim() };
}

const FILES = { 'index.js': 'one\n'.repeat(100), 'package.json': '{}' };

test('the same bytes are the same', () => {
  expect(compare(build(FILES), build(FILES))).toEqual({ status: 0, said: 'same    rs-profiler-1.0.0.tgz' });
});

test('files that differ, or that one lacks, are named', () => {
  const other = build({ ...FILES, 'index.js': 'two', 'more.js': '' });
  expect(compare(build(FILES), other)).toEqual({ status: 1, said: 'DIFFERS rs-profiler-1.0.0.tgz: index.js, more.js' });
});

test('the same files, packed differently, are not the same', () => {
  const said = 'DIFFERS rs-profiler-1.0.0.tgz: rs-profiler-1.0.0.tgz itself: same files, packed differently';
  expect(compare(build(FILES), build(FILES, { level: 1 }))).toEqual({ status: 1, said });
});

test('nothing to compare is no success', () => {
  const { status, said } = compare(build(FILES), build(FILES, { name: 'other.tgz' }));
  expect(status).toBe(1);
  expect(said).toMatch(/have no tarball in common/);
  expect(compare(tempFolder()).status).toBe(1);
});
