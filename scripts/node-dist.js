'use strict';

/**
 * Finds what a Node.js version is made of: its C++ headers and its binary.
 *
 * Headers are looked for beside the running Node, in `nodedir`, and in the npm package `node-<platform>-<arch>`,
 * which holds `bin/node` and `include/node` and needs no install script. Headers are only accepted when
 * their `node_version.h` states the wanted ABI: a shim built from others would load and then corrupt memory.
 *
 * Command line: `node scripts/node-dist.js headers [abi]` or `node scripts/node-dist.js node <major>` prints the path.
 */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { main, npm, replaceFile, unpackFromNpm } = require('./run');
const { MATRIX, SHIPPED, majorOf } = require('../lib/native/nodes');

const PLATFORM = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const PACKAGE = `node-${PLATFORM}`;

function cacheDir() {
  return process.env.RS_PROFILER_CACHE || path.join(os.homedir(), '.cache', 'rs-profiler');
}

function distRoot() {
  return path.join(cacheDir(), 'node', PLATFORM);
}

/**
 * Reads what a header folder is for.
 * @param {string} include a folder that may hold `node_version.h`
 * @returns {{ abi: number, version: string } | undefined}
 */
function readHeaders(include) {
  let text;
  try {
    text = fs.readFileSync(path.join(include, 'node_version.h'), 'utf8');
  } catch {
    return undefined;
  }
  const number = (name) => Number((new RegExp(`^\\s*#\\s*define\\s+${name}\\s+(\\d+)`, 'm').exec(text) || [])[1]);
  const version = ['NODE_MAJOR_VERSION', 'NODE_MINOR_VERSION', 'NODE_PATCH_VERSION'].map(number).join('.');
  return { abi: number('NODE_MODULE_VERSION'), version };
}

function compareVersions(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The complete, already unpacked versions, oldest first. */
function unpackedVersions() {
  let names = [];
  try {
    names = fs.readdirSync(distRoot());
  } catch {
    // Nothing was ever unpacked.
  }
  return names.filter((name) => /^\d+\.\d+\.\d+$/.test(name)).sort(compareVersions);
}

function download(spec) {
  const root = distRoot();
  fs.mkdirSync(root, { recursive: true });
  const temp = fs.mkdtempSync(path.join(root, '.unpack-'));
  try {
    process.stderr.write(`fetching ${PACKAGE}@${spec} from npm\n`);
    const target = path.join(temp, 'package');
    unpackFromNpm(`${PACKAGE}@${spec}`, target);
    const found = readHeaders(path.join(target, 'include', 'node'));
    if (!found) throw new Error(`${PACKAGE}@${spec} holds no include/node/node_version.h`);
    try {
      fs.renameSync(target, path.join(root, found.version));
    } catch (error) {
      // Another process unpacked the same version in the meantime: its folder is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
    return found.version;
  } finally {
    fs.rmSync(temp, { recursive: true, force: true });
  }
}

/** One exact version, fetched when it is not in the cache. */
function fetchVersion(version) {
  const known = unpackedVersions().includes(version) ? version : download(version);
  return path.join(distRoot(), known);
}

/** The newest patch of a major: resolved once, then the cache remembers it, so that runs are comparable. */
function fetchMajor(major) {
  const pin = path.join(distRoot(), `${major}.pin`);
  const unpacked = unpackedVersions().filter((version) => version.startsWith(`${major}.`));
  let version;
  try {
    version = fs.readFileSync(pin, 'utf8').trim();
  } catch {
    // Not resolved yet.
  }
  if (version && unpacked.includes(version)) return path.join(distRoot(), version);
  try {
    version = download(version || String(major));
  } catch (error) {
    version = unpacked.pop();
    if (!version) throw error;
    process.stderr.write(`using Node ${version} from the cache: ${error.message}\n`);
    return path.join(distRoot(), version);
  }
  replaceFile(pin, `${version}\n`);
  return path.join(distRoot(), version);
}

/** What npm's own files say of `nodedir`; asked once, since it takes a third of a second. */
let nodedirOfNpm;

function configuredNodedir() {
  const fromEnv = process.env.npm_config_nodedir || process.env.NODEDIR;
  if (fromEnv) return fromEnv;
  if (nodedirOfNpm !== undefined) return nodedirOfNpm;
  try {
    nodedirOfNpm = npm(['config', 'get', 'nodedir'], { cwd: os.tmpdir() }).trim();
  } catch {
    nodedirOfNpm = '';
  }
  if (nodedirOfNpm === 'undefined' || nodedirOfNpm === 'null') nodedirOfNpm = '';
  return nodedirOfNpm;
}

/**
 * The C++ headers of one ABI.
 * @param {number} [abi] NODE_MODULE_VERSION; default: that of the running Node
 * @param {{ fetch?: boolean }} [options] fetch: false to take what is at hand, and nothing from npm
 * @returns {{ include: string, abi: number, version: string }}
 * @throws {Error} when none of the three places has them; the message says what to mend
 */
function headersFor(abi = Number(process.versions.modules), { fetch = true } = {}) {
  const tried = [];
  const accept = (include, place) => {
    const found = readHeaders(include);
    if (found && found.abi === abi) return { include, ...found };
    const state = found ? `is for Node ${found.version}, ABI ${found.abi}` : 'holds no node_version.h';
    tried.push(`${place}: ${include} ${state}`);
    return undefined;
  };

  const beside = path.resolve(path.dirname(fs.realpathSync(process.execPath)), '..', 'include', 'node');
  const found = accept(beside, 'beside the running Node');
  if (found) return found;

  const running = abi === Number(process.versions.modules);
  const wanted = running ? process.versions.node : majorOf(abi);
  const cached = unpackedVersions().filter((v) => (running ? v === wanted : v.startsWith(`${wanted}.`))).pop();
  const inCache = cached && accept(path.join(distRoot(), cached, 'include', 'node'), 'in the cache');
  if (inCache) return inCache;

  const nodedir = configuredNodedir();
  if (nodedir) {
    const inNodedir = accept(path.join(nodedir, 'include', 'node'), 'in nodedir');
    if (inNodedir) return inNodedir;
  } else {
    tried.push('in nodedir: not set');
  }

  if (wanted === undefined) {
    tried.push(`in the npm package ${PACKAGE}: no Node version is known for this ABI`);
  } else if (fetch) {
    try {
      const dist = running ? fetchVersion(wanted) : fetchMajor(wanted);
      const packaged = accept(path.join(dist, 'include', 'node'), `in the npm package ${PACKAGE}`);
      if (packaged) return packaged;
    } catch (error) {
      tried.push(`in the npm package ${PACKAGE}@${wanted}: ${error.message}`);
    }
  }
  const message = [
    `The C++ headers of Node ABI ${abi} were not found.`,
    ...tried.map((line) => `  ${line}`),
    'Mend one of these:',
    '  - install Node from an archive or package that brings include/node beside bin/node,',
    '  - or set nodedir to a folder that holds include/node, in the environment: npm_config_nodedir=/path,',
    `  - or let npm reach its registry, so that "npm pack ${PACKAGE}@${wanted || '<version>'}" works.`,
  ].join('\n');
  throw Object.assign(new Error(message), { tried });
}

/**
 * The binary of the pinned version of one major.
 * @param {number} major
 * @returns {{ node: string, version: string, major: number }}
 */
function binaryFor(major) {
  const dist = fetchMajor(major);
  const exe = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.join(dist, 'bin', exe);
  if (!fs.existsSync(node)) throw new Error(`${dist} holds no bin/${exe}: remove that folder and try again`);
  return { node, version: path.basename(dist), major };
}

module.exports = { MATRIX, SHIPPED, binaryFor, cacheDir, compareVersions, headersFor, majorOf };

if (require.main === module) {
  main(() => {
    const [what, which] = process.argv.slice(2);
    if (what === 'headers') console.log(headersFor(which && Number(which)).include);
    else if (what === 'node' && which) console.log(binaryFor(Number(which)).node);
    else throw new Error('usage: node scripts/node-dist.js headers [abi] | node <major>');
  });
}
