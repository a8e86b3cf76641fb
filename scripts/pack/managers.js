'use strict';

/** Package managers of chosen versions, fetched from npm into the cache, and how each installs into a folder. */

const fs = require('fs');
const os = require('os');
const path = require('path');
const { cacheDir, compareVersions } = require('../node-dist');
const { npm, unpackFromNpm } = require('../run');

/** The newest npm that runs on a Node. */
const NPM_OF = { 18: 'npm@10', 20: 'npm@11' };
const NEWEST_NPM = 'npm@latest';

/** The newest version that fits a name with a range or a tag. */
function newest(spec) {
  const said = JSON.parse(npm(['view', spec, 'version', '--json'], { cwd: os.tmpdir() }));
  return [].concat(said).filter((version) => !version.includes('-')).sort(compareVersions).pop();
}

/** A package of npm that brings everything it needs, unpacked; resolved once in a run. */
const fetched = new Map();
function fetchTool(spec) {
  if (!fetched.has(spec)) {
    const version = newest(spec);
    const name = spec.replace(/(?!^)@.*$/, '');
    const home = path.join(cacheDir(), 'tools', `${name.replace('@', '').replace('/', '-')}-${version}`);
    if (!fs.existsSync(home)) {
      const temp = `${home}.${process.pid}.tmp`;
      unpackFromNpm(`${name}@${version}`, temp);
      fs.renameSync(temp, home);
    }
    fetched.set(spec, { home, version });
  }
  return fetched.get(spec);
}

/**
 * @typedef {object} Manager
 * @property {string} name with its version
 * @property {string} [script] what Node runs, or:
 * @property {string} [program] what runs by itself
 * @property {(spec: string) => string[]} install arguments that add a package to the project in the working folder
 * @property {(registry: string, home: string) => NodeJS.ProcessEnv} env
 * @property {boolean} [plugAndPlay] no node_modules: Node is started by the manager
 * @property {boolean} [ignoresLibc] installs the packages of both C libraries
 */

/** npm by its `npm-cli.js`. */
function npmAt(script, version) {
  return {
    name: `npm ${version}`,
    script,
    install: (spec) => ['install', spec, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    env: (registry) => ({ npm_config_registry: registry, npm_config_update_notifier: 'false' }),
  };
}

/** The newest npm for a Node major. */
function npmFor(major) {
  const { home, version } = fetchTool(NPM_OF[major] ?? NEWEST_NPM);
  return npmAt(path.join(home, 'bin', 'npm-cli.js'), version);
}

/** The npm of this machine: nothing is fetched for it. */
function npmHere() {
  // `npm root -g` may be another place than the one npm itself lies in.
  const inPath = process.env.PATH.split(path.delimiter).map((folder) => path.join(folder, 'npm')).find((file) => fs.existsSync(file));
  const known = [process.env.npm_execpath, inPath && fs.realpathSync(inPath)];
  const script = known.find((file) => file && path.basename(file) === 'npm-cli.js' && fs.existsSync(file));
  if (!script) throw new Error('npm was not found: put it into the PATH, or start this by `npm run`.');
  const { version } = JSON.parse(fs.readFileSync(path.resolve(script, '..', '..', 'package.json'), 'utf8'));
  return npmAt(script, version);
}

const pnpmWith = (version, how) => ({
  name: `pnpm ${version}`,
  ...how,
  install: (spec) => ['add', spec, '--ignore-scripts'],
  env: (registry) => ({ npm_config_registry: registry, pnpm_config_registry: registry, npm_config_minimum_release_age: '0', pnpm_config_minimum_release_age: '0' }),
});

/** The last line of pnpm that is JavaScript. */
function pnpmOld() {
  const { home, version } = fetchTool('pnpm@10');
  return pnpmWith(version, { script: path.join(home, 'bin', 'pnpm.cjs') });
}

/** Today's pnpm, a program of its own. */
function pnpm() {
  const { home, version } = fetchTool(`@pnpm/exe.${process.platform}-${process.arch}@latest`);
  const program = path.join(home, 'pnpm');
  fs.chmodSync(program, 0o755);
  return pnpmWith(version, { program });
}

function yarnClassic() {
  const { home, version } = fetchTool('yarn@1');
  return {
    name: `Yarn ${version}`,
    script: path.join(home, 'bin', 'yarn.js'),
    install: (spec) => ['add', spec, '--ignore-scripts', '--no-progress', '--non-interactive'],
    env: (registry, home) => ({ YARN_REGISTRY: registry, npm_config_registry: registry, YARN_CACHE_FOLDER: path.join(home, '.yarn-cache') }),
    ignoresLibc: true,
  };
}

/** Yarn's present line, with Plug'n'Play (no node_modules, packages in archives) or with node_modules. */
function yarn(linker) {
  const { home, version } = fetchTool('@yarnpkg/cli-dist@latest');
  return {
    name: `Yarn ${version}, ${linker}`,
    script: path.join(home, 'bin', 'yarn.js'),
    install: (spec) => ['add', spec],
    env: (registry) => ({
      YARN_NPM_REGISTRY_SERVER: registry, YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1', YARN_ENABLE_SCRIPTS: 'false', YARN_ENABLE_TELEMETRY: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', YARN_ENABLE_GLOBAL_CACHE: 'false', YARN_NPM_MINIMAL_AGE_GATE: '0', YARN_NODE_LINKER: linker,
      // The loader for `import`, which Yarn writes otherwise only for a project of ES modules.
      YARN_PNP_ENABLE_ESM_LOADER: 'true',
    }),
    plugAndPlay: linker === 'pnp',
  };
}

module.exports = { npmFor, npmHere, pnpm, pnpmOld, yarn, yarnClassic };
