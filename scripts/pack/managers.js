'use strict';

/** Package managers of chosen versions, fetched from npm into the cache, and how each installs into a folder. */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { cacheDir } = require('../node-dist');
const { npm, run } = require('../run');

/** The newest npm that runs on a Node. */
const NPM_OF = { 18: 'npm@10', 20: 'npm@11' };
const NEWEST_NPM = 'npm@latest';

/** A package of npm that brings everything it needs, unpacked; resolved once in a run. */
const fetched = new Map();
function fetchTool(spec) {
  if (!fetched.has(spec)) {
    const version = [].concat(JSON.parse(npm(['view', spec, 'version', '--json'], { cwd: os.tmpdir() }))).sort(byVersion).pop();
    const name = spec.replace(/(?!^)@.*$/, '');
    const home = path.join(cacheDir(), 'tools', `${name.replace('@', '').replace('/', '-')}-${version}`);
    if (!fs.existsSync(home)) {
      const temp = `${home}.${process.pid}.tmp`;
      fs.mkdirSync(temp, { recursive: true });
      npm(['pack', `${name}@${version}`, '--ignore-scripts', '--loglevel=error', '--pack-destination', temp], { cwd: temp });
      run('tar', ['-xzf', fs.readdirSync(temp).find((file) => file.endsWith('.tgz')), '--strip-components=1'], { cwd: temp });
      fs.renameSync(temp, home);
    }
    fetched.set(spec, { home, version });
  }
  return fetched.get(spec);
}

function byVersion(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/**
 * @typedef {object} Manager
 * @property {string} name with its version
 * @property {string} script what Node runs
 * @property {(spec: string) => string[]} install arguments that add a package to the project in the working folder
 * @property {(registry: string) => NodeJS.ProcessEnv} env
 * @property {string[]} [node] arguments of Node in such a project
 * @property {boolean} [ignoresLibc] installs the packages of both C libraries
 */

/** The newest npm for a Node major. */
function npmFor(major) {
  const { home, version } = fetchTool(NPM_OF[major] ?? NEWEST_NPM);
  return {
    name: `npm ${version}`,
    script: path.join(home, 'bin', 'npm-cli.js'),
    install: (spec) => ['install', spec, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    env: (registry) => ({ npm_config_registry: registry, npm_config_update_notifier: 'false' }),
  };
}

function pnpm() {
  const { home, version } = fetchTool('pnpm@10');
  return {
    name: `pnpm ${version}`,
    script: path.join(home, 'bin', 'pnpm.cjs'),
    install: (spec) => ['add', spec, '--ignore-scripts'],
    env: (registry) => ({ npm_config_registry: registry, npm_config_minimum_release_age: '0' }),
  };
}

function yarnClassic() {
  const { home, version } = fetchTool('yarn@1');
  return {
    name: `yarn ${version}`,
    script: path.join(home, 'bin', 'yarn.js'),
    install: (spec) => ['add', spec, '--ignore-scripts', '--no-progress', '--non-interactive'],
    env: (registry) => ({ YARN_REGISTRY: registry, npm_config_registry: registry }),
    ignoresLibc: true,
  };
}

/** Yarn's present line, with Plug'n'Play: no node_modules, packages in archives. */
function yarnBerry() {
  const { home, version } = fetchTool('@yarnpkg/cli-dist@4');
  return {
    name: `yarn ${version} with Plug'n'Play`,
    script: path.join(home, 'bin', 'yarn.js'),
    install: (spec) => ['add', spec],
    env: (registry) => ({
      YARN_NPM_REGISTRY_SERVER: registry, YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1', YARN_ENABLE_SCRIPTS: 'false', YARN_ENABLE_TELEMETRY: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', YARN_ENABLE_GLOBAL_CACHE: 'false', YARN_NPM_MINIMAL_AGE_GATE: '0',
    }),
    node: ['-r', './.pnp.cjs'],
  };
}

module.exports = { npmFor, pnpm, yarnBerry, yarnClassic };
