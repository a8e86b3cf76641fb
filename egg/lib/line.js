'use strict';
// Calls between the agent and the workers over Egg's messenger: small JSON values, never a profile. It knows nothing of captures.
//
// A message may be lost, and a thread may be blocked for minutes. So a caller asks again every few seconds, under the same id,
// until it has the reply; the other side runs a call once, says that it is at it, and repeats a reply that was asked for again.

const { randomBytes } = require('crypto');
const { abortError, makeError } = require('../../lib/errors');

/** The action of every message of ours. */
const ACTION = 'rs-profiler';

/** Longest text of an error, in characters: messages stay small. */
const MOST_TEXT = 1000;

/** Replies that are kept, in case they are asked for again. */
const MOST_REPLIES = 64;

/** Ends that have gone, of which a late message may still come. */
const MOST_GONE = 64;

const DEFAULTS = {
  /** Ask again, in milliseconds. */
  againMs: 5000,
  /** Who has not said within this many milliseconds that it is at it does not answer. */
  firstMs: 15_000,
  /** Who said so, and then nothing for this many milliseconds, neither: a snapshot in the process may block that long. */
  silentMs: 15 * 60_000,
};

const fieldsOf = (error) => {
  const { name, code, message, running, retryAfterSeconds, headroom } = error instanceof Error ? error : new Error(String(error));
  return { name, code, message: String(message).slice(0, MOST_TEXT), running, retryAfterSeconds, headroom };
};

function errorOf({ name, message, ...fields }) {
  const error = new Error(message);
  if (name && name !== 'Error') error.name = name;
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) error[key] = value;
  return error;
}

/** One end of the line. `me` is a name, 'agent' or a worker's id; `post(to, message)` brings a message on its way. */
class Line {
  #me;
  #post;
  #times;
  #methods = new Map();
  #calls = new Map();
  #running = new Map();
  #replies = new Map();
  #lives = new Map();
  #gone = new Set();
  #boot = randomBytes(6).toString('hex');
  #count = 0;
  #closed = false;

  constructor({ me, post, times }) {
    this.#me = me;
    this.#post = post;
    this.#times = { ...DEFAULTS, ...times };
  }

  /** The name of this end. */
  get me() {
    return this.#me;
  }

  /** What others may call: `(args, { from, signal }) => value`. */
  handle(methods) {
    for (const [name, method] of Object.entries(methods)) this.#methods.set(name, method);
    return this;
  }

  /**
   * Calls a method of another end. An aborted signal tells the other end; the promise follows when that has answered.
   * @param {string} to
   * @param {string} method
   * @param {object} [args]
   * @param {{ signal?: AbortSignal, firstMs?: number }} [options] `firstMs`: how long to wait for a sign of life
   */
  call(to, method, args = {}, { signal, firstMs = this.#times.firstMs } = {}) {
    if (signal && signal.aborted) return Promise.reject(abortError(signal));
    if (this.#closed) return Promise.reject(this.#ended(to));
    this.#count += 1;
    const id = `${this.#boot}.${this.#count}`;
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#send(to, { type: 'abort', id });
      const call = { to, heard: performance.now(), limitMs: firstMs, resolve, reject };
      call.ask = () => this.#send(to, { type: 'call', id, method, args });
      call.settle = (settle, value) => {
        if (!this.#calls.delete(id)) return;
        clearInterval(timer);
        if (signal) signal.removeEventListener('abort', onAbort);
        settle(value);
      };
      const timer = setInterval(() => {
        if (performance.now() - call.heard < call.limitMs) return call.ask();
        onAbort();
        call.settle(reject, this.#silent(to, call.limitMs));
      }, Math.min(this.#times.againMs, firstMs));
      timer.unref();
      if (signal) signal.addEventListener('abort', onAbort, { once: true });
      this.#calls.set(id, call);
      call.ask();
    });
  }

  /** Takes a message from the messenger. What is not ours, or not for us, is passed over. */
  receive(message) {
    if (message === null || typeof message !== 'object' || message.to !== this.#me || typeof message.id !== 'string') return;
    const { type, from, id } = message;
    if (type === 'call') return this.#onCall(message);
    if (type === 'abort') {
      const running = this.#running.get(`${from} ${id}`);
      if (running) running.abort();
      return;
    }
    const call = this.#calls.get(id);
    if (!call || call.to !== from) return;
    call.heard = performance.now();
    call.limitMs = this.#times.silentMs;
    if (type === 'reply') call.settle(call.resolve, message.value);
    else if (type === 'error') call.settle(call.reject, errorOf(message.error));
  }

  /** Another end was away and is back: what it was asked for and has not answered is asked again. */
  again(peer) {
    for (const call of this.#calls.values()) if (call.to === peer) call.ask();
  }

  /** Another end has gone: what it was asked for fails, what it asked for is aborted, and what still comes from it is too late. */
  lost(peer) {
    if (this.#lives.has(peer)) this.#gone.add(this.#lives.get(peer));
    this.#lives.delete(peer);
    if (this.#gone.size > MOST_GONE) this.#gone.delete(this.#gone.values().next().value);
    for (const call of [...this.#calls.values()]) if (call.to === peer) call.settle(call.reject, this.#ended(peer));
    for (const [key, running] of this.#running) if (key.startsWith(`${peer} `)) running.abort();
    for (const key of this.#replies.keys()) if (key.startsWith(`${peer} `)) this.#replies.delete(key);
  }

  /** Ends everything that is under way. */
  close() {
    this.#closed = true;
    for (const call of [...this.#calls.values()]) call.settle(call.reject, this.#ended(call.to));
    for (const running of this.#running.values()) running.abort();
  }

  async #onCall({ from, id, method, args }) {
    const [life] = id.split('.');
    if (this.#gone.has(life)) return;
    this.#lives.set(from, life);
    const key = `${from} ${id}`;
    const known = this.#replies.get(key);
    if (known) return this.#send(from, known);
    this.#send(from, { type: 'working', id });
    if (this.#running.has(key)) return;
    const running = new AbortController();
    this.#running.set(key, running);
    let reply;
    try {
      const run = this.#methods.get(method);
      if (!run) throw makeError('UNKNOWN_CALL', `${this.#me} knows no '${method}': agent and workers run different versions. Restart the application.`);
      reply = { type: 'reply', id, value: await run(args, { from, signal: running.signal }) };
    } catch (error) {
      reply = { type: 'error', id, error: fieldsOf(error) };
    }
    this.#running.delete(key);
    this.#replies.set(key, reply);
    if (this.#replies.size > MOST_REPLIES) this.#replies.delete(this.#replies.keys().next().value);
    this.#send(from, reply);
  }

  #send(to, message) {
    try {
      this.#post(to, { ...message, from: this.#me, to });
    } catch {
      // The channel is closing; who waits is told by `lost` or by its own clock.
    }
  }

  #ended(peer) {
    return makeError('WORKER_GONE', `${nameOf(peer)} has ended or was restarted. Try again.`);
  }

  #silent(peer, ms) {
    return makeError('WORKER_SILENT', `${nameOf(peer)} has not answered for ${Math.round(ms / 1000)} s: its event loop is blocked. Choose another one.`);
  }
}

const nameOf = (peer) => (peer === 'agent' ? 'The agent' : `Worker ${peer}`);

module.exports = { ACTION, Line };
