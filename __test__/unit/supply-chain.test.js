'use strict';

/** What `npm run supply-chain -- --check` finds fault with. CI runs it on what is there. */

const { inventory, npmFaults, withInventory } = require('../../scripts/supply-chain');

const crate = (name, more) => ({ name, version: '1.0.0', license: 'MIT', inBinary: true, direct: true, neededBy: [], ...more });
const CRATES = [crate('own'), crate('theirs', { direct: false, neededBy: ['own'] }), crate('macro', { inBinary: false })];

describe('the inventory', () => {
  test('has a line with a reason for what is in the addon, and names what only builds it', () => {
    const lines = inventory(CRATES, { own: 'we use it', theirs: 'it helps' }).split('\n');
    expect(lines.filter((line) => line.includes('1.0.0'))).toEqual([
      '| own | 1.0.0 | MIT | we use it |', '| theirs | 1.0.0 | MIT | it helps; needed by own |', 'macro 1.0.0 (MIT).',
    ]);
  });

  test('refuses a crate without a reason, and a reason without a crate', () => {
    expect(() => inventory(CRATES, { own: 'we use it' })).toThrow('no reason for theirs');
    expect(() => inventory(CRATES, { own: '1', theirs: '2', gone: '3', macro: '4' })).toThrow('not there: gone, macro');
  });

  test('stands between its two lines', () => {
    const [start, end] = ['<!-- inventory: written by npm run supply-chain -->', '<!-- end of the inventory -->'];
    expect(withInventory(`a\n${start}\nold\n${end}\nb\n`, 'new')).toBe(`a\n${start}\n\nnew\n\n${end}\nb\n`);
    expect(() => withInventory(`a\n${start}\n`, 'new')).toThrow('lost the lines');
  });
});

describe('npm\'s side', () => {
  const found = (change) => npmFaults({
    manifest: { scripts: { test: 'jest' }, optionalDependencies: { '@rs-profiler/linux-x64-gnu': '0.1.0' } },
    lock: { packages: { '': {}, 'node_modules/known': { hasInstallScript: true }, 'node_modules/plain': {} } },
    tree: { dependencies: { '@rs-profiler/linux-x64-gnu': {} } },
    installScripts: { known: 'never runs' },
    ...change,
  });

  test('is well with packages for platforms alone', () => {
    expect(found({})).toEqual([]);
  });

  test.each([
    ['something installed that nobody named', { tree: { dependencies: { other: {} } } }, 'npm ls --omit=dev finds other'],
    ['a dependency', { manifest: { dependencies: { '@rs-profiler/linux-x64-gnu': '0.1.0', other: '1.0.0' } } }, 'package.json names other'],
    ['an install script of a development package', { lock: { packages: { 'node_modules/a/node_modules/new': { hasInstallScript: true } } } }, 'new has an install script'],
    ['an install script of the package', { manifest: { scripts: { postinstall: 'x' }, optionalDependencies: { '@rs-profiler/linux-x64-gnu': '0.1.0' } } }, 'the install script postinstall'],
  ])('%s is a fault', (what, change, fault) => {
    expect(found(change)).toEqual([expect.stringContaining(fault)]);
  });
});
