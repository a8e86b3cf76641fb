'use strict';
// The agent's part: it knows the workers, gives one turn at a time, and has workers captured one after the other. It captures
// nothing itself but the agent, and sees no bytes of a capture.

const { randomBytes } = require('crypto');
const { abortError, makeError } = require('../../lib/errors');
const { Rate } = require('../../lib/service/rate');

/** How long a turn is kept waiting for workers that have not said what they hold, in milliseconds. */
const ASK_MS = 5000;

/** How long `workers` waits for the figures of each, in milliseconds. */
const DESCRIBE_MS = 1000;

class Coordinator {
  #line;
  #own;
  #rate;
  #workers = new Map();
  #turn = null;
  #waiting = [];

  /**
   * @param {Line} line
   * @param {{ own: object, rate: { captures: number, perMs: number } }} options `own`: the agent's `capture` and `describe`;
   *   `rate`: how many captures, of all workers together, may begin in a time
   */
  constructor(line, { own, rate }) {
    this.#line = line;
    this.#own = own;
    this.#rate = new Rate(rate);
    line.handle({
      take: ({ kind }, { from, signal }) => this.#take({ kind, worker: from, owner: from }, signal),
      release: ({ turn }, { from }) => {
        // A job's turn ends with the job: its workers come and go under it.
        if (this.#turn && this.#turn.owner === from) this.#release(turn);
      },
      running: () => this.running(),
      workers: () => this.workers(),
      metrics: () => this.#metrics(),
      capture: ({ kind, worker, query }, { signal }) => this.capture({ kind, worker, query, signal }),
    });
  }

  /** Egg's list of the workers that listen. Whoever is new is asked for the turn it may hold: this agent may be a new one. */
  setWorkers(ids) {
    const listed = new Set(ids.map(String));
    for (const id of this.#workers.keys()) if (!listed.has(id)) this.#lost(id);
    for (const id of listed) if (!this.#workers.has(id)) this.#workers.set(id, this.#adopt(id));
    this.#waiting = this.#waiting.filter((wake) => !wake());
  }

  /** What is being captured: `{ kind, worker, since }`, or `null`. */
  running() {
    if (!this.#turn) return null;
    const { kind, worker, since } = this.#turn;
    return { kind, worker, since };
  }

  /** Every worker with its figures; one that does not answer has `answers: false`. The agent is the last one. */
  async workers() {
    const describe = async (id) => {
      try {
        return { worker: id, answers: true, ...(await this.#line.call(id, 'describe', {}, { firstMs: DESCRIBE_MS })) };
      } catch {
        return { worker: id, answers: false };
      }
    };
    const rows = await Promise.all([...this.#workers.keys()].map(describe));
    return [...rows, { worker: 'agent', answers: true, ...this.#own.describe() }];
  }

  /** The names of the files into which the workers have written their metrics; without who does not answer. */
  async #metrics() {
    const ask = async (worker) => ({ worker, ...(await this.#line.call(worker, 'metrics', {}, { firstMs: DESCRIBE_MS })) });
    const answers = await Promise.allSettled([...this.#workers.keys()].map(ask));
    return answers.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
  }

  /** Captures a worker, `'agent'`, or `'all'` workers one after the other. Resolves with a row per worker. */
  async capture({ kind, worker, query, signal }) {
    const targets = this.#targets(worker);
    const { turn } = await this.#take({ kind, worker: targets[0], owner: 'agent' }, signal);
    const rows = [];
    try {
      for (const target of targets) {
        if (signal && signal.aborted) throw abortError(signal);
        this.#turn.worker = target;
        rows.push(await this.#captureOne(target, { kind, query, turn, signal }, targets.length > 1));
      }
      return rows;
    } finally {
      this.#release(turn);
    }
  }

  /** One row. Among several, the failure of one is its row. */
  async #captureOne(target, { kind, query, turn, signal }, amongOthers) {
    try {
      const value = target === 'agent'
        ? await this.#own.capture({ kind, query, signal })
        : await this.#line.call(target, 'capture', { kind, query, turn }, { signal });
      return { worker: target, ...value };
    } catch (error) {
      if (!amongOthers || (signal && signal.aborted)) throw error;
      return { worker: target, error: { code: error.code, message: error.message } };
    }
  }

  #targets(worker) {
    if (worker === 'agent') return ['agent'];
    const known = [...this.#workers.keys()];
    if (worker === 'all' && known.length > 0) return known;
    if (known.includes(String(worker))) return [String(worker)];
    throw makeError('NO_SUCH_WORKER', `There is no worker '${String(worker).slice(0, 20)}'. Choose one of: all, agent, ${known.join(', ')}.`);
  }

  async #take({ kind, worker, owner }, signal) {
    await this.#settled(owner);
    if (this.#turn) await this.#checkHolder();
    // From here to the grant nothing is awaited.
    if (signal && signal.aborted) throw abortError(signal);
    if (this.#turn) throw this.#busy();
    this.#rate.count();
    this.#turn = { id: randomBytes(8).toString('hex'), kind, worker, owner, since: new Date().toISOString() };
    return { turn: this.#turn.id };
  }

  #release(turn) {
    if (this.#turn && this.#turn.id === turn) this.#turn = null;
  }

  /** The holder may have lost its grant, or its release may be lost: it is asked. A blocked one keeps its turn. */
  async #checkHolder() {
    const { id, owner } = this.#turn;
    if (owner === 'agent') return;
    const held = await this.#line.call(owner, 'holding', {}, { firstMs: DESCRIBE_MS }).catch(() => ({ id }));
    if (!held || held.id !== id) this.#release(id);
  }

  #busy() {
    const { kind, worker, since } = this.#turn;
    const name = worker === 'agent' ? 'the agent' : `worker ${worker}`;
    const error = makeError('BUSY', `A capture is running: ${kind} of ${name}, since ${since}. Try again when it has ended.`);
    return Object.assign(error, { running: this.running() });
  }

  /** Waits until this agent knows the worker, and every worker has said what it holds; for a short time. */
  async #settled(worker) {
    const known = () => worker === 'agent' || this.#workers.has(worker);
    if (!known()) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, ASK_MS);
        timer.unref();
        this.#waiting.push(() => {
          if (known()) {
            clearTimeout(timer);
            resolve();
          }
          return known();
        });
      });
    }
    await Promise.all(this.#workers.values());
    if (!known()) throw makeError('WORKER_UNKNOWN', 'The agent does not know this worker yet. Try again once the application has started.');
  }

  async #adopt(id) {
    const held = await this.#line.call(id, 'holding', {}, { firstMs: ASK_MS }).catch(() => null);
    if (held && !this.#turn) this.#turn = { ...held, worker: id, owner: id };
  }

  #lost(id) {
    this.#workers.delete(id);
    this.#line.lost(id);
    if (this.#turn && this.#turn.owner === id) this.#turn = null;
  }
}

module.exports = { Coordinator };
