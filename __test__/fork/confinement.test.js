'use strict';

/** What the forked child is to the system: it holds nothing of the service and can do nothing to it. */

const { runUnharmed } = require('../helpers/service');
const { runClean } = require('../helpers/child');
const { buildLimits } = require('../helpers/limits');
const { tempFolder } = require('../helpers/temp-folder');

/** A child that waits for the reader of its stream, looked at from all sides. */
async function lookAtChild({ profiler, processes, leftovers }) {
  const fs = require('node:fs');
  const { once } = require('node:events');
  const kept = Array.from({ length: 20000 }, (_, at) => ({ at, text: `some text ${at}` }));
  const log = fs.openSync('log', 'w');
  const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
  await once(stream, 'readable');
  const [{ pid, name, state }] = processes.childrenOf(process.pid);
  const own = Object.values(processes.descriptorsOf('self'));
  const held = processes.descriptorsOf(pid);
  const status = (field) => processes.statusOf(pid, field);
  const stat = processes.read(`/proc/${pid}/stat`).split(') ')[1].split(' ');
  const shared = processes.read(`/proc/${pid}/maps`).split('\n').filter((line) => /^\S+ .w.s /.test(line));
  const facts = {
    name,
    alive: state !== 'Z',
    threads: status('Threads'),
    seccomp: status('Seccomp'),
    newPrivileges: status('NoNewPrivs'),
    // But for the two that are glibc's own.
    handled: String(BigInt(`0x${status('SigCgt')}`) & ~(3n << 31n)),
    blocked: status('SigBlk'),
    ignored: BigInt(`0x${status('SigIgn')}`) === (1n << 12n) + (1n << 24n),
    oom: processes.read(`/proc/${pid}/oom_score_adj`).trim(),
    ownOom: processes.read('/proc/self/oom_score_adj').trim() !== '1000',
    nicer: Number(stat[16]) - Number(processes.read('/proc/self/stat').split(') ')[1].split(' ')[16]),
    ownGroup: Number(stat[2]) === pid,
    sameSession: stat[3] === processes.read('/proc/self/stat').split(') ')[1].split(' ')[3],
    core: /^Max core file size +1 +1 /m.test(processes.read(`/proc/${pid}/limits`)),
    shared,
    // As many as the service had, and none of them its own.
    targets: [...new Set(Object.values(held).map((target) => target.replace(/\d+/g, '0')))].sort(),
    pipes: Object.values(held).filter((target) => target.startsWith('pipe:')).length,
    service: own.filter((target) => /^socket:|log$/.test(target)).length > 3,
  };
  stream.resume();
  await once(stream, 'end');
  fs.closeSync(log);
  return { ...facts, length: kept.length, ...leftovers() };
}

test('the child holds no descriptor, signal handler, shared memory or system call of the service', async () => {
  const facts = await runUnharmed(lookAtChild);
  expect(facts).toMatchObject({
    name: 'rs-profiler',
    alive: true,
    threads: '1',
    seccomp: '2',
    newPrivileges: '1',
    handled: '0',
    blocked: '0000000000000000',
    ignored: true,
    oom: '1000',
    ownOom: true,
    nicer: 10,
    ownGroup: true,
    sameSession: true,
    core: true,
    shared: [],
    targets: ['/dev/null', 'pipe:[0]'],
    pipes: 2,
    service: true,
    children: [],
  });
});

test('a connection that the service closes is closed, whatever the child does', async () => {
  const result = await runUnharmed(async ({ profiler }) => {
    const net = require('node:net');
    const { once } = require('node:events');
    const kept = Array.from({ length: 20000 }, (_, at) => ({ at, text: `some text ${at}` }));
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const client = net.connect(port, '127.0.0.1');
    const [accepted] = await once(server, 'connection');
    const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
    await once(stream, 'readable');
    accepted.destroy();
    server.close();
    await once(client.resume(), 'end');
    // The port is free again while the child lives.
    const other = net.createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    other.close();
    stream.destroy();
    await once(stream, 'close');
    return { kept: kept.length, ended: client.readableEnded };
  });
  expect(result).toEqual({ kept: 20000, ended: true });
});

test('no finalizer of the service runs in the child', async () => {
  const result = await runUnharmed(async ({ profiler, processes }) => {
    const fs = require('node:fs');
    const { once } = require('node:events');
    const registry = new FinalizationRegistry((name) => fs.unlinkSync(name));
    const stream = profiler.createHeapSnapshotStream({ isolation: 'fork' });
    const readable = once(stream, 'readable');
    // Garbage that the child's collection finds; here it is kept out of sight of the young generation's.
    let garbage = Array.from({ length: 100 }, (_, at) => ({ at }));
    fs.writeFileSync('precious', '');
    for (const each of garbage) registry.register(each, 'precious', each);
    await readable;
    const [{ pid }] = processes.childrenOf(process.pid);
    const seen = { there: fs.existsSync('precious'), seccomp: processes.statusOf(pid, 'Seccomp') };
    for (const each of garbage) registry.unregister(each);
    garbage = undefined;
    stream.destroy();
    await once(stream, 'close');
    return seen;
  });
  expect(result).toEqual({ there: true, seccomp: '2' });
});

test('lent memory is kept from children again, and spawn works', async () => {
  const result = await runUnharmed(async ({ profiler, processes }) => {
    const { spawnSync } = require('node:child_process');
    let churn = [];
    const kept = Array.from({ length: 100000 }, (_, at) => ({ at, text: `some text ${at}` }));
    const timer = setInterval(() => {
      churn = Array.from({ length: 5000 }, (_, at) => ({ at, text: `more ${at}` }));
    }, 5);
    const figures = [processes.keptMiB()];
    const spawned = [];
    for (let round = 0; round < 3; round += 1) {
      let during = 0;
      const onProgress = () => {
        during = during || processes.keptMiB();
      };
      await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork', onProgress });
      figures.push(during, processes.keptMiB());
      spawned.push(spawnSync(process.execPath, ['-p', '6 * 7'], { encoding: 'utf8' }).stdout);
    }
    clearInterval(timer);
    return { figures, spawned, kept: kept.length + Math.sign(churn.length) };
  });
  expect(result.spawned).toEqual(Array(3).fill('42\n'));
  const [before, ...after] = result.figures;
  // Collections come and go; what is lost would be nearly all.
  for (const figure of after) expect(figure).toBeGreaterThan(before / 2);
});

test('a child that Linux does not confine still does its work, and the result says so', async () => {
  // Where a filter forbids filters (a container within another), `seccomp` fails.
  const limits = buildLimits(tempFolder());
  const result = await runClean(
    async ({ profiler, report }) => {
      const { confined, isolation } = await profiler.writeHeapSnapshot('a.heapsnapshot', { isolation: 'fork' });
      report({ confined, isolation });
    },
    { launcher: [limits, 'noseccomp', '--'] },
  );
  expect(result).toEqual({ confined: false, isolation: 'fork' });
});
