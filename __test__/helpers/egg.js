'use strict';

/**
 * A real Egg application of two workers and an agent, in processes of its own, started by Egg's own starter.
 */

const { fork } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');

/** An application that is not up by then is taken for hung; no test asserts it. */
const START_MS = 100_000;

const TOKEN = 'only-for-the-tests-of-egg-0123456789';

async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A copy of the application, with the packages that it would have installed. */
function install(source, framework) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rs-profiler-egg-'));
  const baseDir = path.join(folder, 'app');
  fs.cpSync(source, baseDir, { recursive: true });
  fs.mkdirSync(path.join(baseDir, 'node_modules'));
  fs.symlinkSync(root, path.join(baseDir, 'node_modules', 'rs-profiler'));
  fs.symlinkSync(path.join(root, 'node_modules', framework), path.join(baseDir, 'node_modules', 'egg'));
  fs.symlinkSync(path.join(root, 'node_modules', 'prom-client'), path.join(baseDir, 'node_modules', 'prom-client'));
  return { folder, baseDir };
}

/** A request; resolves with `{ status, headers, text, json() }`. Every one has a connection of its own, so any worker may get it. */
function request(port, target, { method = 'GET', headers = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: '127.0.0.1', port, path: target, method, headers, signal, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) });
      });
    });
    sent.on('error', reject).end();
  });
}

/**
 * Starts an application and resolves when it is ready.
 *
 * @param {object} options
 * @param {string} [options.framework] the folder in node_modules: 'egg' (3) or 'egg4'
 * @param {boolean} [options.threads] start mode worker_threads, which has a port per worker
 * @param {object} [options.config] of the plugin; `folder` and `token` are set
 * @param {'package' | 'path' | 'factory'} [options.plugin] how config/plugin.js names the plugin
 * @param {object} [options.env] added to the environment; `undefined` removes a variable
 * @param {string} [options.source] the folder of the application
 */
async function startEgg({ framework = 'egg', threads = false, config = {}, plugin = 'package', env: more = {}, source = path.join(__dirname, 'egg-app') } = {}) {
  const { folder, baseDir } = install(source, framework);
  const dumps = path.join(folder, 'dumps');
  const ports = await freePorts(threads ? 2 : 1);
  const env = { ...process.env, NODE_ENV: 'production', EGG_SERVER_ENV: 'prod', EGG_HOME: folder, HOME: folder };
  env.RS_PROFILER_TEST_CONFIG = JSON.stringify({ folder: dumps, token: TOKEN, ...config });
  Object.assign(env, { RS_PROFILER_TEST_PLUGIN: plugin, RS_PROFILER_TOKEN: TOKEN, RS_PROFILER_FOLDER: dumps, JEST_WORKER_ID: undefined }, more);
  for (const name of Object.keys(env)) if (env[name] === undefined) delete env[name];
  const args = [baseDir, path.join(root, 'node_modules', framework), ...ports.map(String)];
  // A process group of its own: one signal reaches master, agent and workers.
  const child = fork(path.join(__dirname, 'egg-start.js'), args, { env, cwd: baseDir, execArgv: [], detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));

  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
  };
  /** Ends the application: at once, or as Egg does on SIGTERM, which takes some seconds. Resolves with how it ended. */
  const stop = async ({ gracefully = false } = {}) => {
    if (gracefully) {
      child.kill('SIGTERM');
      const guard = setTimeout(kill, START_MS);
      await ended;
      clearTimeout(guard);
    }
    kill();
    const how = await ended;
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    return how;
  };
  await new Promise((resolve, reject) => {
    const fail = (what) => {
      kill();
      reject(new Error(`The application ${what}:\n${output}`));
    };
    const guard = setTimeout(() => fail('was not ready in time'), START_MS);
    child.on('message', (message) => {
      if (message && message.action === 'egg-ready') resolve(clearTimeout(guard));
    });
    child.once('exit', () => fail('ended'));
  });

  const send = (target, options = {}) => {
    const { token = TOKEN, at = 0, ...rest } = options;
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...rest.headers };
    return request(ports[at], target, { ...rest, headers });
  };
  return { child, port: ports[0], folder, baseDir, dumps, output: () => output, get: send, post: (target, options) => send(target, { ...options, method: 'POST' }), stop };
}

module.exports = { TOKEN, startEgg };
