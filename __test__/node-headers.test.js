'use strict';

/** Where the scripts find Node's C++ headers: beside the running Node, in `nodedir`, in the npm package. Nothing is downloaded. */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { MATRIX } = require('../scripts/node-dist');
const { tempFolder } = require('./helpers/temp-folder');

const SCRIPT = require.resolve('../scripts/node-dist');
const PLATFORM = `${process.platform}-${process.arch}`;
const RUNNING = Number(process.versions.modules);
/** A Node that is not the running one, so that the headers beside that are never its. */
const { abi: ABI, major: MAJOR } = MATRIX.find((entry) => entry.abi !== RUNNING);

let folder;
let home;

beforeEach(() => {
  folder = tempFolder();
  home = path.join(folder, 'home');
  fs.mkdirSync(home);
});

/** Makes `<at>/include/node` with nothing but the version in it. */
function fakeHeaders(at, abi, version) {
  const include = path.join(folder, at, 'include', 'node');
  fs.mkdirSync(include, { recursive: true });
  const defines = version.split('.').map((number, index) => `#define NODE_${['MAJOR', 'MINOR', 'PATCH'][index]}_VERSION ${number}\n`);
  fs.writeFileSync(path.join(include, 'node_version.h'), `${defines.join('')}#define NODE_MODULE_VERSION ${abi}\n`);
  return include;
}

const cached = (abi, version) => fakeHeaders(`cache/node/${PLATFORM}/${version}`, abi, version);

/**
 * Asks for headers in a process of its own, whose npm is a script: it says what `nodedir` is configured, and packs `packed`, a
 * folder, or cannot reach a registry.
 */
function ask({ abi = ABI, env = {}, nodedir = 'undefined', packed, node = process.execPath } = {}) {
  const npm = path.join(folder, 'npm-cli.js');
  fs.writeFileSync(
    npm,
    `const args = process.argv.slice(2);
    require('fs').appendFileSync(${JSON.stringify(path.join(folder, 'asked'))}, args.slice(0, 2).join(' ') + '\\n');
    if (args[0] === 'config') console.log(${JSON.stringify(nodedir)});
    else if (${JSON.stringify(!packed)}) { console.error('no registry'); process.exitCode = 1; }
    else require('child_process').execFileSync('tar', ['-czf', 'package.tgz', '-C', ${JSON.stringify(packed || '')}, 'package']);`,
  );
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|nodedir$)/i.test(name)));
  const { status, stdout, stderr } = spawnSync(node, [SCRIPT, 'headers', String(abi)], {
    encoding: 'utf8',
    env: { ...clean, HOME: home, RS_PROFILER_CACHE: path.join(folder, 'cache'), npm_execpath: npm, ...env },
  });
  const file = path.join(folder, 'asked');
  const asked = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
  return { status, include: stdout.trim(), stderr, asked };
}

test('those beside the running Node are taken first, and nobody else is asked', () => {
  const node = path.join(folder, 'bin', path.basename(process.execPath));
  fs.mkdirSync(path.dirname(node));
  try {
    fs.linkSync(process.execPath, node);
  } catch {
    fs.copyFileSync(process.execPath, node);
  }
  const beside = fakeHeaders('.', RUNNING, process.versions.node);
  fakeHeaders('nodedir', RUNNING, process.versions.node);
  cached(RUNNING, process.versions.node);
  const found = ask({ abi: RUNNING, node, env: { npm_config_nodedir: path.join(folder, 'nodedir') } });
  expect(found).toMatchObject({ status: 0, include: fs.realpathSync(beside), stderr: '', asked: [] });
});

test.each(['npm_config_nodedir', 'NODEDIR'])('%s is taken rather than what was fetched before', (name) => {
  cached(ABI, `${MAJOR}.9.9`);
  const include = fakeHeaders('nodedir', ABI, `${MAJOR}.1.0`);
  expect(ask({ env: { [name]: path.join(folder, 'nodedir') } })).toEqual({ status: 0, include, stderr: '', asked: [] });
});

test('so is the nodedir that npm is configured with', () => {
  cached(ABI, `${MAJOR}.9.9`);
  const include = fakeHeaders('nodedir', ABI, `${MAJOR}.1.0`);
  const found = ask({ nodedir: path.join(folder, 'nodedir') });
  expect(found).toEqual({ status: 0, include, stderr: '', asked: ['config get'] });
});

test('a nodedir of another ABI is passed over, and what was fetched before is not fetched again', () => {
  const include = cached(ABI, `${MAJOR}.9.9`);
  fakeHeaders('nodedir', RUNNING, process.versions.node);
  expect(ask({ env: { NODEDIR: path.join(folder, 'nodedir') } })).toEqual({ status: 0, include, stderr: '', asked: [] });
});

test('the npm package is fetched when nobody has them, once', () => {
  fakeHeaders('packed/package', ABI, `${MAJOR}.7.1`);
  const packed = path.join(folder, 'packed');
  const include = path.join(folder, 'cache', 'node', PLATFORM, `${MAJOR}.7.1`, 'include', 'node');
  const fetched = ask({ packed });
  expect(fetched).toMatchObject({ status: 0, include, asked: ['config get', `pack node-${PLATFORM}@${MAJOR}`] });
  expect(ask({ packed })).toMatchObject({ status: 0, include, asked: [...fetched.asked, 'config get'] });
});

test('when nobody has them, the error says what each place holds, and which three can be mended', () => {
  const wrong = fakeHeaders('nodedir', RUNNING, process.versions.node);
  const { status, include, stderr } = ask({ env: { NODEDIR: path.join(folder, 'nodedir') } });
  expect({ status, include }).toEqual({ status: 1, include: '' });
  expect(stderr).toContain(`The C++ headers of Node ABI ${ABI} were not found.`);
  expect(stderr).toMatch(/beside the running Node: \S+ (is for Node|holds no node_version\.h)/);
  expect(stderr).toContain(`in nodedir: ${wrong} is for Node ${process.versions.node}, ABI ${RUNNING}`);
  expect(stderr).toMatch(new RegExp(`in the npm package node-${PLATFORM}@${MAJOR}: [^]*no registry`));
  const [, mend] = stderr.split('Mend one of these:');
  for (const part of ['beside bin/node', 'npm_config_nodedir=', `npm pack node-${PLATFORM}@${MAJOR}`]) expect(mend).toContain(part);
});

test('without a nodedir, and for an ABI of no known Node, it says so', () => {
  const { status, stderr, asked } = ask({ abi: 999 });
  expect(status).toBe(1);
  expect(stderr).toContain('in nodedir: not set');
  expect(stderr).toContain('no Node version is known for this ABI');
  expect(asked).toEqual(['config get']);
});
