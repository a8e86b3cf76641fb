'use strict';

/** What a checkout needs is checked before anything is done; what is built is left alone, and needs no tools. */

const fs = require('node:fs');
const path = require('node:path');
const { FakeCheckout } = require('../helpers/fake-checkout');
const { skippedLines } = require('../../scripts/jest-run');

const SHIM = `native/v8-shim.abi${process.versions.modules}.so`;
const GOOD = { cargo: '1.88.0', npm: '10.8.2', 'g++': 'g++ (Debian 12.2.0-14+deb12u1) 12.2.0' };
const BUILT = { status: 0, stderr: '' };

/** A checkout in which all is built. */
function built() {
  const checkout = new FakeCheckout();
  checkout.install(GOOD);
  expect(checkout.setup()).toMatchObject(BUILT);
  return checkout;
}

function expectNothingDone(checkout, { status, calls }) {
  expect(status).toBe(1);
  expect(calls.filter((call) => !/ (--version|-std=c\+\+20|config)$/.test(call))).toEqual([]);
  expect([checkout.exists('native'), checkout.exists('node_modules/.package-lock.json')]).toEqual([false, false]);
}

describe('a checkout that was never built', () => {
  test('with nothing in the PATH: one message names all that is missing', () => {
    const checkout = new FakeCheckout();
    const end = checkout.setup();
    expectNothingDone(checkout, end);
    expect(end.stdout).toBe('');
    expect(end.stderr).toMatch(/cannot be built yet/);
    for (const line of [
      `  ok       Node.js 18 or newer: ${process.versions.node}`,
      '  MISSING  npm 8 or newer: not in the PATH.',
      '  MISSING  cargo 1.88 or newer: not in the PATH.',
      '  MISSING  C++20 compiler (g++ 10 or clang 12, or newer): none (tried g++, c++, clang++).',
      `  ok       C++ headers of Node ABI ${process.versions.modules}: `,
    ]) expect(end.stderr).toContain(line);
  });

  test('with what is too old: the versions wanted and found', () => {
    const checkout = new FakeCheckout();
    checkout.install({ cargo: '1.70.0', npm: '6.14.18', 'g++': 'g++ (Ubuntu 9.4.0-1ubuntu1~20.04.2) 9.4.0' });
    const end = checkout.setup();
    expectNothingDone(checkout, end);
    expect(end.stderr).toContain('MISSING  npm 8 or newer: 6.14.18.');
    expect(end.stderr).toContain('MISSING  cargo 1.88 or newer: 1.70.0.');
    expect(end.stderr).toMatch(/MISSING {2}C\+\+20 compiler .*: g\+\+, g\+\+ \(Ubuntu .*\) 9\.4\.0, is too old/);
  });

  test('with a Node that is too old: the same', () => {
    const checkout = new FakeCheckout();
    checkout.install(GOOD);
    checkout.write('old.js', 'Object.defineProperty(process, \'versions\', { value: { ...process.versions, node: \'16.20.2\' } });\n');
    const end = checkout.setup([], { NODE_OPTIONS: `--require ${path.join(checkout.root, 'old.js')}` });
    expectNothingDone(checkout, end);
    expect(end.stderr).toContain('MISSING  Node.js 18 or newer: 16.20.2.');
    expect(end.stderr).toContain('ok       cargo 1.88 or newer: 1.88.0');
  });

  test('with tools that do not run: what they say', () => {
    const checkout = new FakeCheckout();
    checkout.install({ ...GOOD, 'g++': ['g++ 12.2.0', 'cannot execute cc1plus'] });
    fs.writeFileSync(path.join(checkout.bin, 'cargo'), '#!/bin/sh\necho "rustup could not choose a version" >&2\nexit 1\n', { mode: 0o755 });
    const end = checkout.setup();
    expectNothingDone(checkout, end);
    expect(end.stderr).toMatch(/MISSING {2}cargo 1\.88 or newer: .*rustup could not choose a version/);
    expect(end.stderr).toMatch(/MISSING {2}C\+\+20 compiler .*: g\+\+, g\+\+ 12\.2\.0, does not compile C\+\+20 \(cannot execute cc1plus\)/);
  });

  test('with headers that npm would have to fetch: npm is needed', () => {
    const checkout = built();
    fs.rmSync(path.join(checkout.root, 'native'), { recursive: true });
    checkout.install({ cargo: GOOD.cargo, 'g++': GOOD['g++'] });
    const end = checkout.setup(['--all']);
    expect(end.status).toBe(1);
    expect(end.stderr).toContain('MISSING  npm 8 or newer: not in the PATH.');
    expect(end.stderr).toContain('not here; npm will fetch them');
    expect(checkout.exists('native')).toBe(false);
  });

  test('with all that is wanted: it is built', () => {
    const checkout = new FakeCheckout();
    checkout.install(GOOD);
    const end = checkout.setup();
    expect(end).toMatchObject(BUILT);
    expect(end.calls).toEqual(expect.arrayContaining(['npm ci', 'cargo build', 'g++ -std=c++20']));
    expect([checkout.exists('native/rs-profiler.node'), checkout.exists(SHIM)]).toEqual([true, true]);
  });

  test('a compiler that is too old does not stand before one that will do', () => {
    const checkout = new FakeCheckout();
    checkout.install({ cargo: GOOD.cargo, npm: GOOD.npm, 'g++': 'g++ 9.4.0', 'clang++': 'Debian clang version 14.0.6' });
    const end = checkout.setup();
    expect(end).toMatchObject(BUILT);
    expect(end.calls.filter((call) => /-std/.test(call))).toEqual(['clang++ -std=c++20', 'clang++ -std=c++20']);
  });
});

describe('a built checkout', () => {
  test('with nothing in the PATH: nothing is called, built or said', () => {
    const checkout = built();
    checkout.install({});
    expect(checkout.setup()).toEqual({ ...BUILT, stdout: '', calls: [] });
    checkout.install(GOOD);
    expect(checkout.setup()).toEqual({ ...BUILT, stdout: '', calls: [] });
  });

  test.each([
    ['a Rust source', 'src/lib.rs', /MISSING {2}cargo/, /compiler/],
    ['the built addon', 'native/rs-profiler.node', /MISSING {2}cargo/, /compiler/],
    ['the lock file of cargo', 'Cargo.lock', /MISSING {2}cargo/, /compiler/],
  ])('in which %s changed: cargo alone is wanted, until it is as it was', (what, file, wanted, unwanted) => {
    const checkout = built();
    checkout.install({});
    const before = fs.readFileSync(path.join(checkout.root, file));
    checkout.write(file, `${before}\nchanged`);
    const end = checkout.setup();
    expect(end.status).toBe(1);
    expect(end.stderr).toMatch(wanted);
    expect(end.stderr).not.toMatch(unwanted);
    checkout.write(file, before);
    expect(checkout.setup()).toMatchObject(BUILT);
  });

  test('in which a source was changed while cargo read it: built again', () => {
    const checkout = new FakeCheckout();
    checkout.install(GOOD);
    fs.appendFileSync(path.join(checkout.bin, 'cargo'), 'echo "// changed meanwhile" >> "$CHECKOUT/src/lib.rs"\n');
    expect(checkout.setup()).toMatchObject(BUILT);
    checkout.install(GOOD);
    expect(checkout.setup().calls).toContain('cargo build');
    expect(checkout.setup().calls).toEqual([]);
  });

  test('in which the shim is missing: a compiler is wanted, and then it alone is called', () => {
    const checkout = built();
    checkout.install({});
    fs.rmSync(path.join(checkout.root, SHIM));
    expect(checkout.setup().stderr).toMatch(/MISSING {2}C\+\+20 compiler/);
    checkout.install(GOOD);
    expect(checkout.setup().calls).toEqual(['g++ --version', 'g++ -std=c++20', 'g++ -std=c++20']);
    expect(checkout.exists(SHIM)).toBe(true);
  });

  test('is built for the settings of cargo that are set', () => {
    const checkout = built();
    expect(checkout.setup([], { CARGO_PROFILE_RELEASE_LTO: 'off' }).calls).toContain('cargo build');
    expect(checkout.setup([], { CARGO_PROFILE_RELEASE_LTO: 'off' }).calls).toEqual([]);
  });
});

test('skipped tests are named with why; those that Jest\'s arguments left out are counted', () => {
  expect(skippedLines([
    'a.test.js: writes [skipped: there is no /dev/full]', 'b.test.js: a group [skipped: no /proc] of tests', 'c.test.js: not asked for',
  ])).toEqual([
    'skipped: a.test.js: writes: there is no /dev/full', 'skipped: b.test.js: a group of tests: no /proc',
    'skipped: 1 tests: the arguments did not ask for them',
  ]);
});
