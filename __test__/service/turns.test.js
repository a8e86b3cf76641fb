'use strict';

/** One capture at a time on a host: the lock file. */

const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../helpers/child');
const { tempFolder } = require('../helpers/temp-folder');
const { HostTurns } = require('../../lib/service/turns');

const LOCK = 'capture.lock';

test('a turn is had by one, given back, and had again', async () => {
  const folder = tempFolder();
  const [one, other] = [new HostTurns(folder), new HostTurns(folder)];
  expect(one.current()).toBe(null);
  const release = await one.take({ kind: 'heap-snapshot' });
  const running = { kind: 'heap-snapshot', pid: process.pid, since: expect.any(String) };
  expect(other.current()).toEqual(running);
  for (const each of [one, other]) {
    await expect(each.take({ kind: 'cpu-profile' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY', running });
  }
  release();
  release();
  const again = await other.take({ kind: 'cpu-profile' });
  // The first has given back what it had, and gives back no other's.
  release();
  expect(one.current()).toMatchObject({ kind: 'cpu-profile' });
  again();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('on a file system without hard links too', async () => {
  const folder = tempFolder();
  const link = jest.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
  });
  try {
    const [one, other] = [new HostTurns(folder), new HostTurns(folder)];
    const release = await one.take({ kind: 'heap-snapshot' });
    await expect(other.take({ kind: 'cpu-profile' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY', running: { kind: 'heap-snapshot' } });
    release();
    // Somebody is between making the file and filling it.
    fs.writeFileSync(path.join(folder, LOCK), '');
    await expect(other.take({ kind: 'cpu-profile' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY' });
    fs.utimesSync(path.join(folder, LOCK), 1e9, 1e9);
    (await other.take({ kind: 'cpu-profile' }))();
    expect(link).toHaveBeenCalled();
    expect(fs.readdirSync(folder)).toEqual([]);
  } finally {
    link.mockRestore();
  }
});

test('the turn of a process that was killed is free', async () => {
  const folder = tempFolder();
  const { signal } = await run(async ({ main, input, report }) => {
    const { HostTurns } = require(require('path').join(require('path').dirname(main), 'lib', 'service', 'turns'));
    await new HostTurns(input).take({ kind: 'cpu-profile' });
    report('held');
    setInterval(() => {}, 1000);
  }, { input: folder, onReport: (_value, child) => child.kill('SIGKILL') });
  expect(signal).toBe('SIGKILL');
  expect(fs.readdirSync(folder)).toEqual([LOCK]);
  const turns = new HostTurns(folder);
  expect(turns.current()).toBe(null);
  (await turns.take({ kind: 'heap-snapshot' }))();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a later process with the same id is not the holder, nor is what is no lock', async () => {
  const folder = tempFolder();
  const turns = new HostTurns(folder);
  const release = await turns.take({ kind: 'cpu-profile' });
  const held = JSON.parse(fs.readFileSync(path.join(folder, LOCK), 'utf8'));
  release();
  for (const text of [JSON.stringify({ ...held, began: '1' }), JSON.stringify({ ...held, pid: 2 ** 22 + 1 }), '{"pid"', '', 'null']) {
    fs.writeFileSync(path.join(folder, LOCK), text);
    expect([text, turns.current()]).toEqual([text, null]);
    (await turns.take({ kind: 'heap-snapshot' }))();
  }
});

test('a thread that ended without giving its turn back keeps it for two hours at most', async () => {
  const folder = tempFolder();
  const turns = new HostTurns(folder);
  await turns.take({ kind: 'cpu-profile' });
  const held = JSON.parse(fs.readFileSync(path.join(folder, LOCK), 'utf8'));
  expect(turns.current()).toMatchObject({ pid: process.pid });
  fs.writeFileSync(path.join(folder, LOCK), JSON.stringify({ ...held, since: new Date(Date.now() - 3 * 3_600_000).toISOString() }));
  expect(turns.current()).toBe(null);
  (await turns.take({ kind: 'heap-snapshot' }))();
});

test('the lock of a dead holder is taken away by one at a time, and by others when that one was killed', async () => {
  const folder = tempFolder();
  const lock = path.join(folder, LOCK);
  fs.writeFileSync(lock, '{}');
  const { ino, mtimeNs } = fs.lstatSync(lock, { bigint: true });
  const mark = `${lock}.clearing.${ino}-${mtimeNs}`;
  fs.writeFileSync(mark, '');
  await expect(new HostTurns(folder).take({ kind: 'cpu-profile' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY' });
  fs.utimesSync(mark, new Date(0), new Date(0));
  (await new HostTurns(folder).take({ kind: 'cpu-profile' }))();
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a holder in another container, which cannot be asked, has two hours', async () => {
  const folder = tempFolder();
  const turns = new HostTurns(folder);
  const lock = (since) => fs.writeFileSync(path.join(folder, LOCK), JSON.stringify({ kind: 'cpu-profile', pid: 1, since, began: '1', space: 'elsewhere', id: 'x' }));
  lock(new Date().toISOString());
  await expect(turns.take({ kind: 'heap-snapshot' })).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_BUSY' });
  lock(new Date(Date.now() - 3 * 3_600_000).toISOString());
  (await turns.take({ kind: 'heap-snapshot' }))();
});

test('of many processes that find the lock of a dead one, one gets the turn', async () => {
  const folder = tempFolder();
  const took = await Promise.all(Array.from({ length: 4 }, async () => {
    const { report } = await run(async ({ main, input, report: tell, sleep }) => {
      const path = require('path');
      const { HostTurns } = require(path.join(path.dirname(main), 'lib', 'service', 'turns'));
      const turns = new HostTurns(input);
      let taken = 0;
      let most = 0;
      for (let round = 0; round < 200; round += 1) {
        let release;
        try {
          release = await turns.take({ kind: 'cpu-profile' });
        } catch (error) {
          if (error.code !== 'ERR_RS_PROFILER_BUSY') throw error;
          await sleep(1);
          continue;
        }
        taken += 1;
        const mark = path.join(input, `inside.${process.pid}`);
        require('fs').writeFileSync(mark, '');
        most = Math.max(most, require('fs').readdirSync(input).filter((name) => name.startsWith('inside.')).length);
        require('fs').unlinkSync(mark);
        release();
      }
      tell({ taken, most });
    }, { input: folder });
    return report;
  }));
  expect(took.map(({ most }) => most)).toEqual([1, 1, 1, 1]);
  expect(Math.min(...took.map(({ taken }) => taken))).toBeGreaterThan(0);
});
