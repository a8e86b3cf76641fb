'use strict';

/** A real Egg application of two workers, one of which is busy with something that never lets its event loop turn. */

const fs = require('node:fs');
const path = require('node:path');
const { startEgg } = require('./helpers/egg');
const { PREFIX, RATE, files, talk, until } = require('./helpers/egg-tests');

let app;
let talks;
/** The worker is blocked for as long as this file is there: what is answered until then is answered without it. */
let file;

beforeAll(async () => {
  app = await startEgg({ config: { rate: RATE } });
  talks = talk(app);
  file = path.join(app.folder, 'blocked');
});
afterAll(() => app?.stop());

/** Egg's master hands connections out in turns: of two the blocked worker takes one, and none after it. Resolves with both. */
function plug() {
  const both = [app.get('/who'), app.get('/who')];
  return Promise.race(both).then(() => both);
}

test('a blocked worker is told of, while it is, by the one that answers; the others are captured', async () => {
  const [blocked, free] = await talks.workers();
  fs.writeFileSync(file, '');
  let plugs;
  try {
    await app.get(`/block?worker=${blocked}&file=${encodeURIComponent(file)}`);
    await until(() => fs.existsSync(`${file}.yes`));
    plugs = await plug();
    expect((await talks.status()).workers.map(({ worker, answers }) => [worker, answers]).sort()).toEqual([[blocked, false], [free, true], ['agent', true]].sort());

    const silent = await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=${blocked}`);
    expect([silent.status, silent.json().error]).toEqual([503, {
      code: 'ERR_RS_PROFILER_WORKER_SILENT', message: expect.stringContaining(`Worker ${blocked} has not answered`),
    }]);
    const all = await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=all`);
    expect(all.status).toBe(201);
    const rows = new Map(all.json().captures.map((row) => [row.worker, row]));
    expect([rows.get(blocked).error.code, rows.get(free).kind]).toEqual(['ERR_RS_PROFILER_WORKER_SILENT', 'cpu-profile']);

    const unnamed = await app.post(`${PREFIX}/cpu-profile?seconds=1`);
    expect([unnamed.status, unnamed.headers['x-rs-profiler-worker']]).toEqual([200, free]);
    const { text } = await app.get(`${PREFIX}/metrics`);
    expect([text.includes(`worker="${free}"`), text.includes(`worker="${blocked}"`)]).toEqual([true, false]);
    expect((await talks.status()).running).toBe(null);
    expect(files(app)).toEqual([rows.get(free).name]);
  } finally {
    fs.rmSync(file);
  }
  await Promise.all(plugs);

  // It can be captured again; what it was asked for meanwhile is not done now.
  const { status, headers } = await until(async () => {
    const answer = await app.post(`${PREFIX}/cpu-profile?seconds=1&worker=${blocked}`);
    return answer.status !== 409 && answer;
  });
  expect([status, headers['x-rs-profiler-worker']]).toEqual([200, blocked]);
  expect(files(app)).toHaveLength(1);
  expect((await talks.status()).running).toBe(null);
});
