'use strict';

/** The Egg plugin without an Egg, in one process, and what its example shows. */

const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const autocannon = require('autocannon');
const { openCpuProfile } = require('rs-profiler');
const { run } = require('./helpers/child');
const { startEgg } = require('./helpers/egg');
const { tempFolder } = require('./helpers/temp-folder');

const root = path.resolve(__dirname, '..');
const Boot = require('../egg/app');
const plugin = require('rs-profiler/egg');

/** What the plugin sees of an application. */
function fakeApp(rsProfiler, more) {
  const messenger = Object.assign(new EventEmitter(), { sendToAgent() {} });
  const config = { coreMiddleware: ['meta', 'securities'], middleware: [], rsProfiler: { folder: tempFolder(), ...rsProfiler }, ...more };
  return { config, messenger, options: {} };
}

function boot(rsProfiler, more) {
  const app = fakeApp(rsProfiler, more);
  const booted = new Boot(app);
  booted.configWillLoad();
  return { app, booted };
}

const TOKEN = '0123456789abcdef';

test('the factory gives what config/plugin.js holds', () => {
  expect(plugin()).toEqual({ rsProfiler: { enable: true, name: 'rsProfiler', path: path.join(root, 'egg'), skipMerge: true } });
  expect(plugin({ enable: false, env: ['prod'] }).rsProfiler).toMatchObject({ enable: false, env: ['prod'] });
  expect(require('../egg/package.json').eggPlugin.name).toBe('rsProfiler');
  expect(require.resolve('rs-profiler/egg/package.json')).toBe(path.join(root, 'egg/package.json'));
});

test('the routes come first, unless the application gives them another place', async () => {
  const cases = [
    [{ token: TOKEN }, {}, ['rsProfiler', 'meta', 'securities']],
    [{ loopbackOnly: true }, {}, ['rsProfiler', 'meta', 'securities']],
    [{ authorize: () => true }, { middleware: ['rsProfiler'] }, ['meta', 'securities']],
    [{ token: TOKEN, enable: false }, {}, ['meta', 'securities']],
    [{ token: TOKEN, enabled: false }, {}, ['meta', 'securities']],
    [{}, {}, ['meta', 'securities']],
    [{ loopbackOnly: false }, {}, ['meta', 'securities']],
  ];
  for (const [rsProfiler, more, order] of cases) {
    const { app, booted } = boot(rsProfiler, more);
    expect([rsProfiler, app.config.coreMiddleware]).toEqual([rsProfiler, order]);
    await booted.beforeClose();
  }
});

test('a mistake in the configuration is told at the start', () => {
  for (const mistake of [{ token: 'short' }, { token: 7 }, { token: '' }, { authorize: 'everybody' }, { token: TOKEN, rate: { captures: 0 } }]) {
    expect(() => boot(mistake)).toThrow(expect.objectContaining({ code: 'ERR_RS_PROFILER_INVALID_ARGUMENT' }));
  }
});

test('no copy of the configuration has the token', async () => {
  const { app, booted } = boot({ token: TOKEN });
  expect(JSON.stringify({ ...app.config })).not.toContain(TOKEN);
  expect(app.config.rsProfiler.token).toBe(TOKEN);
  await booted.beforeClose();
});

test('nothing is captured any more when the application closes', async () => {
  const { app, booted } = boot({});
  await booted.beforeClose();
  await expect(app.rsProfiler.capture('cpu-profile', { seconds: 1 })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_CLOSED' });
  await expect(app.rsProfiler.workers()).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_WORKER_GONE' });
});

test('in one process, application and agent are joined as well', async () => {
  const { code, stderr, report } = await run(async ({ input, report }) => {
    process.env.RS_PROFILER_TEST_CONFIG = JSON.stringify({ folder: `${process.cwd()}/dumps` });
    process.env.RS_PROFILER_TEST_PLUGIN = 'factory';
    const { createRequire } = require('node:module');
    const { cpSync, mkdirSync, symlinkSync } = require('node:fs');
    cpSync(input.source, './app', { recursive: true });
    mkdirSync('./app/node_modules');
    symlinkSync(input.root, './app/node_modules/rs-profiler');
    symlinkSync(`${input.root}/node_modules/prom-client`, './app/node_modules/prom-client');
    const egg = createRequire(`${input.root}/package.json`)('egg');
    const app = await egg.start({ baseDir: `${process.cwd()}/app`, env: 'unittest' });
    const rows = await app.rsProfiler.capture('cpu-profile', { seconds: 1, worker: 'all' });
    const workers = await app.rsProfiler.workers();
    const [own] = await app.agent.rsProfiler.capture('sampling-heap-profile', { seconds: 1 });
    const stored = await app.rsProfiler.captures();
    report({ rows, workers, own, stored });
    await app.close();
    await app.agent.close();
    process.exit(0);
  }, { input: { root, source: path.join(__dirname, 'helpers/egg-app') }, env: { NODE_ENV: 'production', JEST_WORKER_ID: undefined } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(report.rows).toMatchObject([{ kind: 'cpu-profile' }]);
  expect(report.workers).toMatchObject([{ answers: true }, { worker: 'agent', answers: true }]);
  expect(report.own).toMatchObject({ worker: 'agent', kind: 'sampling-heap-profile' });
  expect(report.stored).toHaveLength(2);
});

describe('examples/egg', () => {
  const source = path.join(root, 'examples/egg');
  const debug = '/debug/rs-profiler';

  test('without a token has no routes, and ends well', async () => {
    const app = await startEgg({ source, env: { RS_PROFILER_TOKEN: undefined } });
    let how;
    try {
      for (const target of [debug, `${debug}/metrics`, `${debug}/captures/x`]) expect((await app.get(target)).status).toBe(404);
      expect((await app.get('/')).json()).toMatchObject({ visits: 1 });
    } finally {
      how = await app.stop({ gracefully: true });
    }
    expect(how).toEqual({ code: 0, signal: null });
  });

  test('shows what its workers are busy with', async () => {
    const app = await startEgg({ source });
    const load = autocannon({ url: `http://127.0.0.1:${app.port}/?visitor=1`, connections: 4, duration: 600 });
    try {
      const { status, json } = await app.post(`${debug}/cpu-profile?seconds=2&worker=all`);
      expect(status).toBe(201);
      for (const { name } of json().captures) {
        const profile = await openCpuProfile(path.join(app.dumps, name));
        expect((await profile.top()).map((row) => row.functionName)).toContain('sumOf');
      }
      expect(fs.statSync(app.dumps).mode & 0o777).toBe(0o700);
    } finally {
      load.stop();
      await app.stop();
    }
  });
});
