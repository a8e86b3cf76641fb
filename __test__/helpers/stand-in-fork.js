'use strict';

/**
 * The part of the stand-in (stand-in.js) for snapshots by forked children.
 */

/** The snapshots by children that were begun, oldest first. With `quick` they come to their end by themselves. */
const forked = Object.assign([], { quick: false });

/** A snapshot by a child, to a target or, without one, to a reader: its end is the test's to call, or comes by itself. */
class StandInForked {
  constructor({ target, wake, onProgress }, text, called) {
    Object.assign(this, { target, wake, text, called, hear: onProgress ?? (() => {}), attempts: 0 });
    this.outcome = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    this.outcome.catch(() => {});
    this.texts = [];
    forked.push(this);
    if (forked.quick) setImmediate(() => this.finish());
  }

  /** The addon rejects with the text of its errors. A reader learns that it was cut off. */
  fail(code, fields) {
    const error = (code) => new Error(JSON.stringify({ code, message: 'From the stand-in.', ...fields }));
    this.reject(error(code));
    this.give(Promise.reject(error('ERR_RS_PROFILER_ABORTED')));
  }

  /** Text for a reader, null at its end, or a promise of that. */
  give(text) {
    const given = Promise.resolve(text);
    given.catch(() => {});
    if (this.reading) this.reading(given);
    else this.texts.push(given);
    this.reading = undefined;
  }

  async next() {
    this.called('nextForked');
    const text = await (this.texts.shift() ?? new Promise((resolve) => (this.reading = resolve)));
    return text === null ? null : [Uint8Array.from(Buffer.from(text)).buffer];
  }

  finish() {
    this.wake();
    this.hear({ phase: 'walk', done: 100, total: 100 });
    this.hear({ phase: 'write', done: 10, total: 0 });
    if (this.target) this.target.write(this.text);
    else for (const text of [this.text, null]) this.give(text);
    this.resolve({ bytes: this.text.length, nodes: 1, edges: 0, attempts: this.attempts });
  }

  /** The first call comes too late when `missed` is set. */
  fork() {
    this.called('fork');
    if (this.missed) return (this.missed = false);
    this.attempts += 1;
    return true;
  }

  result() {
    return this.outcome;
  }

  close() {
    this.called('closeForked');
    this.fail('ERR_RS_PROFILER_ABORTED');
  }

  async gone() {
    this.called('gone');
    this.target?.close();
  }
}

module.exports = { StandInForked, forked };
