'use strict';

/**
 * Bundles of an application that uses the package: with the package left outside, by esbuild, webpack and Next, and with the package
 * inside, by esbuild. The lines for users are in the documentation; here they are run as they stand there.
 */

const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { ROOT } = require('../run');
const { forks, inProject, runIn, runNode } = require('./consumer');

/** Exact, so that a check that was green stays so. */
const PEERS = {
  webpack: ['webpack@5.113.0'],
  next: ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'],
};

/** The checkout's esbuild, which makes the bundle of the package too: CI needs no network for it. */
const ESBUILD = path.join(ROOT, 'node_modules', 'esbuild', 'bin', 'esbuild');

const sizeOf = (file) => `${Math.round(fs.statSync(file).size / 1024)} KB`;

/** esbuild, the package outside: a bundle for `require` and one of ES modules. */
function checkEsbuild(options) {
  return inProject(options, async (project) => {
    const build = (...args) => runIn(project, ESBUILD, [...args, '--bundle', '--platform=node', '--external:rs-profiler']);
    await build('smoke.js', '--outfile=bundled/app.js');
    await build('smoke.mjs', '--format=esm', '--outfile=bundled/app.mjs');
    await runNode(project, ['bundled/app.js', forks(options.target), options.target.name]);
    await runNode(project, ['bundled/app.mjs']);
    return sizeOf(path.join(project.folder, 'bundled', 'app.js'));
  });
}

/**
 * esbuild, the package inside: the native parts lie in `native` beside the bundle, and nothing else is needed. Either as they are in the
 * platform's package, which stays outside, or the addon where esbuild puts it and the shims.
 */
function checkEsbuildInside(options) {
  return inProject(options, async (project) => {
    const { folder } = project;
    const home = path.join(folder, 'node_modules', '@rs-profiler', options.target.name);
    const build = (...args) => runIn(project, ESBUILD, ['smoke.js', '--bundle', '--platform=node', ...args]);
    await build('--external:@rs-profiler/*', '--outfile=dist/app.js');
    fs.cpSync(home, path.join(folder, 'dist', 'native'), { recursive: true });
    await build('--loader:.node=copy', '--outfile=copied/app.js');
    for (const name of fs.readdirSync(home).filter((file) => file.endsWith('.so'))) {
      fs.cpSync(path.join(home, name), path.join(folder, 'copied', 'native', name));
    }
    fs.rmSync(path.join(folder, 'node_modules'), { recursive: true });
    for (const output of ['dist', 'copied']) {
      const elsewhere = path.join(folder, '.home', output);
      fs.renameSync(path.join(folder, output), elsewhere);
      await runNode({ ...project, folder: elsewhere }, ['app.js', forks(options.target)]);
    }
    return sizeOf(path.join(folder, '.home', 'dist', 'app.js'));
  });
}

/** webpack, the package outside. */
function checkWebpack(options) {
  return inProject({ ...options, peers: PEERS.webpack }, async (project) => {
    fs.writeFileSync(path.join(project.folder, 'webpack.config.js'), `
      module.exports = {
        target: 'node',
        mode: 'production',
        entry: './smoke.js',
        // The package, and all that begins with its name: 'rs-profiler/heapdump'.
        externals: [/^rs-profiler(\\/|$)/],
        externalsType: 'commonjs',
        output: { path: __dirname + '/bundled', filename: 'app.js' },
      };`);
    fs.writeFileSync(path.join(project.folder, 'build.js'), `
      require('webpack')(require('./webpack.config.js'), (error, stats) => {
        const said = error ? error.stack : stats.toString({ all: false, errors: true, warnings: true });
        if (error || stats.hasErrors() || stats.hasWarnings()) throw new Error(said);
      });`);
    await runNode(project, ['build.js']);
    // The name of a class is in the snapshot only as webpack's minifier leaves it.
    await runNode(project, ['bundled/app.js', forks(options.target), options.target.name]);
    return sizeOf(path.join(project.folder, 'bundled', 'app.js'));
  });
}

const ROUTE = `
import { capabilities, captureCpuProfile, writeHeapSnapshot } from 'rs-profiler';
import { writeSnapshot } from 'rs-profiler/heapdump';

export const dynamic = 'force-dynamic';

export async function GET() {
  const profile = await captureCpuProfile({ durationMs: 20 });
  const { path, isolation } = await writeHeapSnapshot('next.heapsnapshot', { isolation: FORK });
  return Response.json({ capabilities: capabilities(), nodes: profile.nodes.length, path, isolation, heapdump: typeof writeSnapshot });
}
`;

const CONFIG = `
module.exports = {
  serverExternalPackages: ['rs-profiler'],
  output: 'standalone',
  // The native parts are found at run time: the trace of imports does not have them all.
  outputFileTracingIncludes: { '/*': ['./node_modules/rs-profiler/**/*', './node_modules/@rs-profiler/**/*'] },
};
`;

/** A port that nobody listens at: Next takes none for "any". */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return String(port);
}

/** Starts a server of Next and asks the route; ends the server by its id. */
async function askRoute({ node, folder, env }, args, cwd = folder) {
  const PORT = await freePort();
  const server = spawn(node, args, { cwd, env: { ...env, PORT, HOSTNAME: '127.0.0.1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => server.once('close', resolve));
  let said = '';
  try {
    await new Promise((resolve, reject) => {
      const read = (data) => {
        said += data;
        if (/ready/i.test(said)) resolve();
      };
      for (const stream of [server.stdout, server.stderr]) stream.setEncoding('utf8').on('data', read);
      ended.then((code) => reject(new Error(`${args.join(' ')} ended with ${code}\n${said}`)));
    });
    const response = await fetch(`http://127.0.0.1:${PORT}/api/profile`);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the route answered ${response.status}: ${text.slice(0, 2000)}\n${said}`);
    return JSON.parse(text);
  } finally {
    server.kill('SIGKILL');
    await ended;
  }
}

/** Next, the package outside: `next start`, and the standalone server in another folder, as a container has it. */
function checkNext(bundler, options) {
  return inProject({ ...options, peers: PEERS.next }, async (project) => {
    const { folder } = project;
    const isolation = forks(options.target);
    fs.writeFileSync(path.join(folder, 'next.config.js'), CONFIG);
    fs.mkdirSync(path.join(folder, 'app', 'api', 'profile'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'app', 'layout.js'), 'export default ({ children }) => <html><body>{children}</body></html>;\n');
    fs.writeFileSync(path.join(folder, 'app', 'page.js'), 'export default () => <p>page</p>;\n');
    fs.writeFileSync(path.join(folder, 'app', 'api', 'profile', 'route.js'), ROUTE.replace('FORK', `'${isolation}'`));
    // TypeScript of the smoke test is none of the application's.
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.ts'))) fs.rmSync(path.join(folder, name));
    const next = path.join('node_modules', 'next', 'dist', 'bin', 'next');
    const env = { ...project.env, NEXT_TELEMETRY_DISABLED: '1' };
    await runNode({ ...project, env }, [next, 'build', `--${bundler}`]);
    const check = (answer, home) => {
      assert.strictEqual(answer.capabilities.capture.available, true, answer.capabilities.capture.reason);
      assert.ok(answer.capabilities.addon.path.startsWith(home), answer.capabilities.addon.path);
      assert.ok(answer.nodes > 0);
      assert.strictEqual(answer.isolation, isolation);
      assert.strictEqual(answer.heapdump, 'function');
      assert.ok(JSON.parse(fs.readFileSync(path.resolve(home, answer.path), 'utf8')).nodes.length > 0);
    };
    check(await askRoute({ ...project, env }, [next, 'start', '-H', '127.0.0.1']), folder);
    const elsewhere = path.join(folder, '.home', 'deployed');
    fs.cpSync(path.join(folder, '.next', 'standalone'), elsewhere, { recursive: true, verbatimSymlinks: true });
    fs.rmSync(path.join(folder, 'node_modules'), { recursive: true });
    check(await askRoute({ ...project, env }, ['server.js'], elsewhere), elsewhere);
    return 'start and standalone';
  });
}

module.exports = { checkEsbuild, checkEsbuildInside, checkNext, checkWebpack };
