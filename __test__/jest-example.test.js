'use strict';

/** `examples/jest`, run as its README says, in one process and in parallel ones, under Jest 30, Jest 29 and Vitest. */

const fs = require('node:fs');
const path = require('node:path');
const { start } = require('./helpers/framework');
const { tempFolder } = require('./helpers/temp-folder');

const root = path.resolve(__dirname, '..');
const example = path.join(root, 'examples', 'jest');
const jestOf = (name) => path.join(root, 'node_modules', name, 'bin', 'jest.js');
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');

test.each([
  ['jest', '30', '--runInBand'], ['jest', '30', '--maxWorkers=2'], ['jest-29', '29', '--runInBand'],
])('%s, version %s, %s: names the leak, and lets the corrected store pass', (name, major, mode) => {
  const { version } = require(`../node_modules/${name}/package.json`);
  expect(version.split('.')[0]).toBe(major);
  const { status, output } = start(jestOf(name), ['--rootDir', example, '--config', '{"transform":{}}', mode]);
  expect(output).toMatch(/✕ the store forgets who logs out/);
  expect(output).toMatch(/✓ the corrected store forgets/);
  expect(output).toMatch(/Session \(.*sessions\.js:\d+\)/);
  expect(output).toMatch(/variable history → Array/);
  expect(status).toBe(1);
});

describe('Vitest', () => {
  test.each([[['--pool=threads']], [['--pool=forks', '--globals']]])('names the leak, and lets what does not leak pass: %j', (args) => {
    const folder = tempFolder();
    fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(root, path.join(folder, 'node_modules', 'rs-profiler'));
    fs.symlinkSync(path.join(root, 'node_modules', 'vitest'), path.join(folder, 'node_modules', 'vitest'));
    const extended = args.includes('--globals') ? "import 'rs-profiler/jest';"
      : "import { expect, test } from 'vitest';\nimport * as matchers from 'rs-profiler/jest';\nexpect.extend({ toLeak: matchers.toLeak, toAllocateLessThan: matchers.toAllocateLessThan });";
    fs.writeFileSync(path.join(folder, 'store.test.js'), `${extended}
const kept = [];
class Session {}
test('leaks', () => expect(() => kept.push(new Session())).not.toLeak());
test('leaks later', () => expect(async () => kept.push(new Session())).not.toLeak());
test('is clean', async () => {
  expect(() => ({})).not.toLeak();
  await expect(async () => ({})).not.toLeak({ iterations: 30 });
  expect(() => new Array(1000).fill(0)).toAllocateLessThan(20_000);
});
`);
    const { status, output } = start(vitest, ['run', '--reporter=verbose', '--testTimeout=120000', ...args], { cwd: folder });
    expect(output).toMatch(/[×✗] .*leaks\b/);
    expect(output).toMatch(/[×✗] .*leaks later/);
    expect(output).toMatch(/✓ .*is clean/);
    expect(output).toMatch(/Session \(.*store\.test\.js:\d+\): \d+, 1 per iteration/);
    expect(status).toBe(1);
  });
});
