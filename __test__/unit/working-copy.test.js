'use strict';

/** Figures in `benchmark/` are of the commit that they name. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { commit: packed } = require('../../scripts/pack/stage');
const { untilNow, workingCopy } = require('../../scripts/working-copy');
const { files, read } = require('../helpers/repo');
const { tempFolder } = require('../helpers/temp-folder');

/** A repository of its own with one commit, away from the settings of this machine. */
function repository() {
  const folder = tempFolder();
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org'];
  const git = (...args) => execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8', env, stdio: 'pipe' });
  const write = (text) => fs.writeFileSync(path.join(folder, 'file'), text);
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'A change');
  };
  git('init', '--quiet');
  write('first');
  commit();
  return { folder, write, commit };
}

test('a clean working copy is its commit', () => {
  const { folder } = repository();
  expect(workingCopy(folder)).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{12}$/), folder: 'benchmark' });
  expect(untilNow(workingCopy(folder), folder)).toEqual(workingCopy(folder));
});

test.each(['file', 'another'])('with a change in %s the figures are not for the repository', (name) => {
  const { folder } = repository();
  fs.writeFileSync(path.join(folder, name), 'changed');
  expect(workingCopy(folder)).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{12} with changes$/), folder: 'coverage' });
});

test('a release says when what is packed is not what was committed, be it in files that git does not know', () => {
  const { folder, commit } = repository();
  expect(packed(folder)).toMatch(/^[0-9a-f]{40}$/);
  fs.writeFileSync(path.join(folder, 'another'), 'new');
  expect(packed(folder)).toMatch(/^[0-9a-f]{40} and uncommitted changes$/);
  commit();
  expect(packed(folder)).toMatch(/^[0-9a-f]{40}$/);
});

test('nor are they when it changed during the run, or is another commit', () => {
  const { folder, write, commit } = repository();
  const begun = workingCopy(folder);
  write('second');
  expect(untilNow(begun, folder)).toEqual({ commit: `${begun.commit}, then ${begun.commit} with changes`, folder: 'coverage' });
  commit();
  expect(untilNow(begun, folder)).toEqual({ commit: expect.stringMatching(/^[0-9a-f]{12}, then [0-9a-f]{12}$/), folder: 'coverage' });
});

test('nor where there is no repository', () => {
  expect(workingCopy(tempFolder())).toEqual({ commit: 'unknown', folder: 'coverage' });
});

test('the figures that are there name a commit without changes', () => {
  const last = files.filter((file) => /^benchmark\/.*-last\.md$/.test(file));
  expect(last.length).toBeGreaterThan(0);
  expect(last.filter((file) => !/, commit [0-9a-f]{7,40}(,|:)/.test(read(file)))).toEqual([]);
});
