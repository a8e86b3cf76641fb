'use strict';
// A worker's part: it asks the agent for turns, is captured when the agent says so, and says what it holds.

const { abortError, makeError } = require('../../lib/errors');

class Member {
  #line;
  #capture;
  #held = null;

  /**
   * @param {Line} line
   * @param {{ capture: Function, describe: Function, metrics: Function }} own what this worker does when it is told to:
   *   `capture({ kind, query, signal })` stores a capture of this thread and resolves with its row; `metrics()` writes a file
   */
  constructor(line, { capture, describe, metrics }) {
    this.#line = line;
    this.#capture = capture;
    line.handle({
      capture: (args, { signal }) => this.#captureHere(args, signal),
      // A grant that came just before has been heard by then.
      holding: () => new Promise((resolve) => setImmediate(() => resolve(this.#held))),
      describe,
      metrics,
    });
  }

  /** Takes the one turn of the host. Resolves with the function that gives it back; rejects with code BUSY, and `running`. */
  async take({ kind, signal }) {
    const { turn } = await this.#line.call('agent', 'take', { kind }, { signal });
    this.#held = { id: turn, kind, since: new Date().toISOString() };
    if (signal && signal.aborted) {
      this.#giveBack(turn);
      throw abortError(signal);
    }
    return () => this.#giveBack(turn);
  }

  /** What is being captured, on any worker, or `null`. */
  running() {
    return this.#line.call('agent', 'running');
  }

  /** All workers and the agent, with their figures. */
  workers() {
    return this.#line.call('agent', 'workers');
  }

  /** Has all workers write their metrics; resolves with `{ worker, name }` of each file. */
  metrics() {
    return this.#line.call('agent', 'metrics');
  }

  /** Captures another worker, `'all'`, or `'agent'`; resolves with a row per worker. */
  capture({ kind, worker, query, signal }) {
    return this.#line.call('agent', 'capture', { kind, worker, query }, { signal });
  }

  /** Egg's list of agents: empty when the agent has gone. Its successor asks for what is held. */
  setAgents(ids) {
    if (ids.length === 0) this.#line.lost('agent');
    else this.#line.again('agent');
  }

  async #captureHere({ kind, query, turn }, signal) {
    if (this.#held) throw makeError('BUSY', 'This worker is being captured already. Try again when that has ended.');
    this.#held = { id: turn, kind, since: new Date().toISOString() };
    try {
      return await this.#capture({ kind, query, signal });
    } finally {
      // The agent's own record ends with the reply; this is for an agent that was started meanwhile.
      this.#giveBack(turn);
    }
  }

  #giveBack(turn) {
    if (this.#held && this.#held.id === turn) this.#held = null;
    this.#line.call('agent', 'release', { turn }).catch(() => {
      // A new agent asks what is held; one that lives asks when somebody else wants the turn.
    });
  }
}

module.exports = { Member };
