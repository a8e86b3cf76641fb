'use strict';

/** The agent and the workers of the Egg plugin, without Egg: lines joined in memory, on which messages can be lost. */

const { setImmediate: turn } = require('node:timers/promises');
const { Coordinator } = require('../egg/lib/coordinator');
const { Line } = require('../egg/lib/line');
const { Member } = require('../egg/lib/member');

/** Times of the line, in milliseconds: nothing is asserted about them. */
const TIMES = { againMs: 20, firstMs: 60_000, silentMs: 60_000 };

/** A messenger in memory. `lose(message)` says which messages are lost. */
class Wire {
  ends = new Map();
  messages = [];
  lose = () => false;

  line(me, times = TIMES) {
    // An end that was replaced is dead: it says nothing any more.
    const post = (to, message) => this.ends.get(me) === line && this.#post(to, JSON.parse(JSON.stringify(message)));
    const line = new Line({ me, times, post });
    this.ends.set(me, line);
    return line;
  }

  #post(to, message) {
    this.messages.push(message);
    if (!this.lose(message)) setImmediate(() => this.ends.get(to)?.receive(message));
  }
}

/** A capture that ends when it is told to, or is aborted. */
function controlled() {
  const started = [];
  const capture = ({ kind, query, signal }) => new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')));
    started.push({ kind, query, end: () => resolve({ name: `${kind}.file`, bytes: 1 }) });
  });
  return { started, capture };
}

async function until(condition) {
  while (!condition()) await turn();
}

/** An application of an agent and workers. */
function application(ids = ['1', '2'], { captures = 100, times } = {}) {
  const wire = new Wire();
  const agentCaptures = controlled();
  const newAgent = () => new Coordinator(wire.line('agent', times), { rate: { captures, perMs: 60_000 }, own: { capture: agentCaptures.capture, describe: () => ({ pid: 7 }) } });
  const workers = Object.fromEntries(ids.map((id) => {
    const { started, capture } = controlled();
    const member = new Member(wire.line(id, times), { capture, describe: () => ({ pid: Number(id) }), metrics: () => ({ name: id }) });
    return [id, { member, started }];
  }));
  const agent = newAgent();
  agent.setWorkers(ids.map(Number));
  return { wire, workers, agent, agentCaptures, newAgent };
}

const codeOf = (promise) => promise.then(() => 'done', (error) => error.code);

describe('a turn', () => {
  test('is one for all workers, and who is refused is told what is running', async () => {
    const { workers } = application();
    const release = await workers[1].member.take({ kind: 'cpu-profile' });
    const error = await workers[2].member.take({ kind: 'heap-snapshot' }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_BUSY', running: { kind: 'cpu-profile', worker: '1' } });
    expect(error).toBeInstanceOf(Error);
    expect(await workers[2].member.running()).toMatchObject({ kind: 'cpu-profile', worker: '1' });
    release();
    (await workers[2].member.take({ kind: 'heap-snapshot' }))();
  });

  test('is free again when its worker has died', async () => {
    const { workers, agent } = application();
    await workers[1].member.take({ kind: 'cpu-profile' });
    agent.setWorkers([2]);
    expect(agent.running()).toBe(null);
    await workers[2].member.take({ kind: 'cpu-profile' });
  });

  test('is free again although the message that gave it back was lost', async () => {
    const { wire, workers } = application();
    const release = await workers[1].member.take({ kind: 'cpu-profile' });
    wire.lose = (message) => message.method === 'release';
    release();
    await workers[2].member.take({ kind: 'cpu-profile' });
  });

  test('is not lost with the agent: the next agent asks who holds it', async () => {
    const { workers, newAgent } = application();
    const release = await workers[1].member.take({ kind: 'cpu-profile' });
    for (const { member } of Object.values(workers)) member.setAgents([]);
    const agent = newAgent();
    agent.setWorkers([1, 2]);
    expect(await codeOf(workers[2].member.take({ kind: 'cpu-profile' }))).toBe('ERR_RS_PROFILER_BUSY');
    expect(agent.running()).toMatchObject({ kind: 'cpu-profile', worker: '1' });
    release();
    await until(() => agent.running() === null);
    await workers[2].member.take({ kind: 'cpu-profile' });
  });

  test('that is asked for by a client who leaves meanwhile is given back', async () => {
    const { workers, agent } = application();
    const client = new AbortController();
    const taken = workers[1].member.take({ kind: 'cpu-profile', signal: client.signal });
    client.abort();
    await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => agent.running() === null);
  });

  test('comes so many times in a time', async () => {
    const { workers } = application(['1'], { captures: 2 });
    for (let round = 0; round < 2; round += 1) (await workers[1].member.take({ kind: 'cpu-profile' }))();
    const error = await workers[1].member.take({ kind: 'cpu-profile' }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_RATE' });
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
    expect(error.retryAfterSeconds).toBeLessThanOrEqual(60);
  });
});

describe('a capture', () => {
  test('of another worker is made there', async () => {
    const { workers } = application();
    const rows = workers[1].member.capture({ kind: 'cpu-profile', worker: '2', query: { seconds: '3' } });
    await until(() => workers[2].started.length === 1);
    expect(workers[2].started[0].query).toEqual({ seconds: '3' });
    expect(await codeOf(workers[1].member.take({ kind: 'cpu-profile' }))).toBe('ERR_RS_PROFILER_BUSY');
    workers[2].started[0].end();
    expect(await rows).toEqual([{ worker: '2', name: 'cpu-profile.file', bytes: 1 }]);
    expect(workers[1].started).toEqual([]);
  });

  test('of all takes one after the other, under one turn', async () => {
    const { workers, agent } = application();
    const rows = workers[1].member.capture({ kind: 'cpu-profile', worker: 'all' });
    for (const id of [1, 2]) {
      await until(() => workers[id].started.length === 1);
      expect(agent.running()).toMatchObject({ worker: String(id) });
      expect(await codeOf(workers[2].member.take({ kind: 'cpu-profile' }))).toBe('ERR_RS_PROFILER_BUSY');
      workers[id].started[0].end();
    }
    expect((await rows).map((row) => row.worker)).toEqual(['1', '2']);
    await until(() => agent.running() === null);
  });

  test('of all goes on when one worker dies', async () => {
    const { workers, agent } = application();
    const rows = workers[2].member.capture({ kind: 'cpu-profile', worker: 'all' });
    await until(() => workers[1].started.length === 1);
    agent.setWorkers([2]);
    await until(() => workers[2].started.length === 1);
    workers[2].started[0].end();
    expect(await rows).toMatchObject([{ worker: '1', error: { code: 'ERR_RS_PROFILER_WORKER_GONE' } }, { worker: '2', bytes: 1 }]);
  });

  test('of a worker that dies fails, and frees the turn', async () => {
    const { workers, agent } = application();
    const rows = codeOf(workers[1].member.capture({ kind: 'cpu-profile', worker: '2' }));
    await until(() => workers[2].started.length === 1);
    agent.setWorkers([1]);
    expect(await rows).toBe('ERR_RS_PROFILER_WORKER_GONE');
    expect(agent.running()).toBe(null);
  });

  test('is aborted when the worker that asked for it dies', async () => {
    const { workers, agent } = application();
    workers[1].member.capture({ kind: 'cpu-profile', worker: '2' }).catch(() => {});
    await until(() => workers[2].started.length === 1);
    agent.setWorkers([2]);
    await until(() => agent.running() === null);
    await workers[2].member.take({ kind: 'cpu-profile' });
  });

  test('is aborted when its client leaves', async () => {
    const { workers, agent } = application();
    const client = new AbortController();
    const rows = codeOf(workers[1].member.capture({ kind: 'cpu-profile', worker: '2', signal: client.signal }));
    await until(() => workers[2].started.length === 1);
    client.abort();
    expect(await rows).not.toBe('done');
    expect(agent.running()).toBe(null);
  });

  test('that the old agent had ordered is aborted, and gives its turn back to the new one', async () => {
    const { workers, newAgent } = application();
    const rows = codeOf(workers[1].member.capture({ kind: 'cpu-profile', worker: '2' }));
    await until(() => workers[2].started.length === 1);
    for (const { member } of Object.values(workers)) member.setAgents([]);
    expect(await rows).toBe('ERR_RS_PROFILER_WORKER_GONE');
    const agent = newAgent();
    agent.setWorkers([1, 2]);
    const release = await workers[1].member.take({ kind: 'cpu-profile' });
    release();
  });

  test('of the agent is made by the agent', async () => {
    const { workers, agentCaptures } = application();
    const rows = workers[1].member.capture({ kind: 'heap-snapshot', worker: 'agent' });
    await until(() => agentCaptures.started.length === 1);
    agentCaptures.started[0].end();
    expect(await rows).toMatchObject([{ worker: 'agent' }]);
  });

  test('of a worker that is not there names those that are', async () => {
    const { workers } = application();
    for (const worker of ['3', '', 'x'.repeat(5000)]) {
      const error = await workers[1].member.capture({ kind: 'cpu-profile', worker }).catch((reason) => reason);
      expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_NO_SUCH_WORKER', message: expect.stringContaining('all, agent, 1, 2') });
    }
  });
});

describe('the line', () => {
  test('repeats what was lost, and runs nothing twice', async () => {
    const wire = new Wire();
    let runs = 0;
    wire.line('agent').handle({ count: async () => (runs += 1) });
    const worker = wire.line('1');
    let seen = 0;
    wire.lose = () => (seen += 1) <= 3;
    expect(await worker.call('agent', 'count')).toBe(1);
    wire.lose = (message) => message.type === 'reply' && (seen += 1) <= 6;
    expect(await worker.call('agent', 'count')).toBe(2);
    expect(runs).toBe(2);
  });

  test('asks the next agent what was asked while there was none', async () => {
    const { wire, workers, agent } = application(['1'], { times: { ...TIMES, againMs: 60_000 } });
    wire.lose = (message) => message.to === 'agent';
    const running = workers[1].member.running();
    await turn();
    wire.lose = () => false;
    agent.setWorkers([1]);
    workers[1].member.setAgents([7]);
    expect(await running).toBe(null);
  });

  test('does nothing for an end that has gone, however late its message comes', async () => {
    const wire = new Wire();
    let runs = 0;
    const worker = wire.line('1').handle({ count: async () => (runs += 1) });
    const agent = wire.line('agent');
    expect(await agent.call('1', 'count')).toBe(1);
    const late = wire.messages.find(({ type }) => type === 'call');
    worker.lost('agent');
    worker.receive(late);
    await turn();
    expect(runs).toBe(1);
    expect(await wire.line('agent').call('1', 'count')).toBe(2);
  });

  test('gives up on who never answers, and says so', async () => {
    const wire = new Wire();
    const error = await wire.line('1').call('2', 'anything', {}, { firstMs: 50 }).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'ERR_RS_PROFILER_WORKER_SILENT', message: expect.stringContaining('event loop is blocked') });
    expect(wire.messages.at(-1).type).toBe('abort');
  });

  test('does not wait for a blocked worker when it lists all', async () => {
    const { wire, agent } = application();
    wire.lose = (message) => message.to === '2';
    expect(await agent.workers()).toEqual([
      { worker: '1', answers: true, pid: 1 }, { worker: '2', answers: false }, { worker: 'agent', answers: true, pid: 7 },
    ]);
  });

  test('asks all workers for their metrics, and goes on without a blocked one', async () => {
    const { wire, workers } = application();
    wire.lose = (message) => message.to === '2';
    expect(await workers[1].member.metrics()).toEqual([{ worker: '1', name: '1' }]);
  });

  test('passes over what is not its own', () => {
    const line = new Wire().line('1');
    for (const junk of [null, undefined, 7, 'text', {}, { to: '1' }, { to: '1', id: 'x', type: 'reply' }, { to: '1', id: 7, type: 'call' }]) line.receive(junk);
  });

  test('refuses a method that it does not know, and cuts long errors', async () => {
    const wire = new Wire();
    wire.line('agent').handle({ fail: () => { throw new Error('x'.repeat(100_000)); } });
    const worker = wire.line('1');
    await expect(worker.call('agent', 'other')).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_UNKNOWN_CALL' });
    await expect(worker.call('agent', 'toString')).rejects.toMatchObject({ code: 'ERR_RS_PROFILER_UNKNOWN_CALL' });
    const error = await worker.call('agent', 'fail').catch((reason) => reason);
    expect(error.message.length).toBeLessThanOrEqual(1000);
  });
});
