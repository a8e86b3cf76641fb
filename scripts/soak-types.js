'use strict';

/**
 * `npm run test:soak -- types`: the typings under the lowest TypeScript that the README names and under the newest, with the types of
 * the lowest Node and of Node 20, all of them fetched into the cache. Libraries are checked too.
 */

const { spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { cacheDir } = require('./node-dist');
const { ROOT, npm } = require('./run');

/** Below it, @types/node of the Nodes that are served does not compile. */
const LOWEST = '4.7';
const TYPESCRIPTS = [LOWEST, '5.0', 'latest'];
const NODES = [18, 20];
const CONSUMERS = path.join(ROOT, '__test__', 'types', 'oldest');

/** How a project may be set up. `from`: the TypeScript that brought it. */
const PROJECTS = [
  { name: 'commonjs', files: ['consumer.ts'], options: ['--module', 'commonjs', '--moduleResolution', 'node'], to: 5 },
  { name: 'node16', files: ['consumer.ts', 'consumer.mts'], options: ['--module', 'node16', '--moduleResolution', 'node16'] },
  { name: 'bundler', files: ['consumer.ts', 'consumer.mts'], options: ['--module', 'esnext', '--moduleResolution', 'bundler'], from: 5 },
];
const COMMON = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--preserveSymlinks', '--target', 'es2022', '--lib', 'es2022', '--types', 'node'];

/** The packages, each under a name of its own; `latest` is resolved anew at each run. */
function fetchPackages() {
  const folder = path.join(cacheDir(), 'tools', 'types');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const specs = [...TYPESCRIPTS.map((each) => `typescript-${each}@npm:typescript@${each}`), ...NODES.map((each) => `node-${each}@npm:@types/node@${each}`)];
  npm(['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error', ...specs], { cwd: folder });
  return path.join(folder, 'node_modules');
}

/** A project with the consumers, this package, and the types of one Node. */
function makeProject(parent, packages, node) {
  const project = path.join(parent, `node-${node}`);
  fs.mkdirSync(path.join(project, 'node_modules', '@types'), { recursive: true });
  const link = (target, name) => fs.symlinkSync(target, path.join(project, 'node_modules', name), 'junction');
  link(ROOT, 'rs-profiler');
  link(path.join(packages, `node-${node}`), path.join('@types', 'node'));
  if (fs.existsSync(path.join(packages, 'undici-types'))) link(path.join(packages, 'undici-types'), 'undici-types');
  for (const file of fs.readdirSync(CONSUMERS)) fs.copyFileSync(path.join(CONSUMERS, file), path.join(project, file));
  return project;
}

/** Compiles everything; says whether all was well. */
function soakTypes() {
  const packages = fetchPackages();
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-types-'));
  let ok = true;
  try {
    for (const node of NODES) {
      const cwd = makeProject(parent, packages, node);
      for (const each of TYPESCRIPTS) {
        const home = path.join(packages, `typescript-${each}`);
        const { version } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
        const major = parseInt(version, 10);
        for (const { name, files, options, from = 0, to = Infinity } of PROJECTS) {
          if (major < from || major > to) continue;
          const args = [path.join(home, 'bin', 'tsc'), ...COMMON, ...options, ...files];
          const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
          console.log(`${status === 0 ? 'ok    ' : 'FAILED'} TypeScript ${version}, @types/node ${node}, ${name}`);
          if (status !== 0) console.log(`${stdout}${stderr}`);
          ok = ok && status === 0;
        }
      }
    }
  } finally {
    fs.rmSync(parent, { recursive: true, force: true });
  }
  return ok;
}

module.exports = { soakTypes };
