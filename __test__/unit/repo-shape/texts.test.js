'use strict';

/** What no committed file may hold, and that .gitignore keeps no source file from being committed. */

const path = require('node:path');
const { files, ignored, linesWith, read, under } = require('../../helpers/repo');

describe('no committed file holds', () => {
  const texts = files.filter((file) => !/\.(png|jpg|gz|zst|snap|heapsnapshot|cpuprofile|heapprofile)$/.test(file));
  const own = '__test__/unit/repo-shape/texts.test.js';

  test('paths of a machine', () => {
    const pattern = new RegExp(['/ro' + 'ot/', '/ho' + 'me/[a-z]', '/Us' + 'ers/[A-Za-z]', '/wo' + 'rk/'].join('|'));
    expect(linesWith(texts, pattern)).toEqual([]);
  });

  test('hosts of registries or mirrors', () => {
    const hosts = /https?:\/\/[\w.-]*(registry|npmjs|npmmirror|mirror|artifactory|nexus|verdaccio)[\w.-]*/i;
    expect(linesWith(texts.filter((file) => file !== own), hosts)).toEqual([]);
    for (const file of texts.filter((name) => path.basename(name) === 'Cargo.lock')) {
      const sources = new Set([...read(file).matchAll(/^source = "([^"]+)"/gm)].map((match) => match[1]));
      expect([...sources]).toEqual(['registry+https://github.com/rust-lang/crates.io-index']);
    }
  });

  test('work left for later', () => {
    const pattern = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'todo' + '!\\(', 'unimplemented' + '!\\('].join('|'));
    expect(linesWith(texts.filter((file) => !file.endsWith('lock.json')), pattern)).toEqual([]);
  });

  test('tests that are switched off, or run alone', () => {
    const pattern = new RegExp(`^\\s*(${['x' + 'test', 'x' + 'it', 'f' + 'it', 'test\\.' + 'only', 'describe\\.' + 'only'].join('|')})\\(`);
    expect(linesWith(under('__test__/', '.js'), pattern)).toEqual([]);
  });

  test('source files of more than 300 lines', () => {
    const sources = files.filter((file) => /\.(js|mjs|rs|ts|mts|cc)$/.test(file) && !/\.d\.m?ts$/.test(file));
    const long = sources.filter((file) => read(file).split('\n').length > 301 && !file.startsWith('src/v8/shim.'));
    expect(long).toEqual([]);
  });
});

test('.gitignore hides nothing in the folders of sources', () => {
  const folders = ['lib/', 'src/', 'crates/', 'scripts/', 'benchmark/', '__test__/'];
  const sources = /\.(js|mjs|ts|mts|rs|toml|cc|h)$|(?<!\b(node_modules|target))\/$/;
  expect(ignored.filter((file) => folders.some((folder) => file.startsWith(folder)) && sources.test(file))).toEqual([]);
});
