'use strict';
// Captures of other workers of the same application: ordered through somebody who knows the workers, stored by the captured one,
// handed out by this one.

const { file, json, refusal } = require('./answers');
const { CONTENT_TYPE, exposition } = require('./metrics/text');
const { openCapture, removeCapture } = require('./retention');

/** What the query says about the answer, and not about the capture. */
const OWN_PARAMETERS = ['worker', 'store'];

class Elsewhere {
  #workers;
  #folder;

  /**
   * @param {undefined | { own: string, capture: Function, status: Function, families: Function }} workers `own`: the name of this one;
   *   `capture({ kind, worker, query, signal })` resolves with a row per captured worker: `{ worker, name, … }` or `{ worker, error }`;
   *   `families()` with the metrics of all workers, `status()` with what the status says of them
   * @param {string} folder of stored captures; the same one for all workers
   */
  constructor(workers, folder) {
    this.#workers = workers;
    this.#folder = folder;
  }

  /** Whether a request is about another worker than this one. */
  concerns(query) {
    const worker = this.#workers && query.get('worker');
    return typeof worker === 'string' && worker !== this.#workers.own;
  }

  /** Captures; one worker's capture is streamed, unless it is to be stored. `event` is for the audit. */
  async capture({ kind, type }, { query, signal }, event, keeps) {
    const given = Object.fromEntries([...query].filter(([name]) => !OWN_PARAMETERS.includes(name)));
    const worker = query.get('worker');
    Object.assign(event, { worker, name: undefined });
    const rows = await this.#workers.capture({ kind, worker, query: given, signal });
    event.name = rows.map(({ name }) => name).filter(Boolean).join(' ');
    if (worker !== 'all' && !keeps) return this.#handOut(rows[0], type);
    const captures = rows.map(({ path: _path, ...row }) => row);
    if (worker !== 'all') return json(201, captures[0], { location: `captures/${captures[0].name}` });
    return json(captures.some(({ error }) => !error) ? 201 : 503, { captures });
  }

  /** The file as a stream; its name is gone by then. */
  async #handOut({ name, worker }, type) {
    const opened = await openCapture(this.#folder, name);
    if (!opened) return refusal(503, 'The capture was removed before it could be read: allow more in retention, or try again.');
    await removeCapture(this.#folder, name);
    return file(opened.handle.createReadStream(), { name, type, bytes: opened.bytes, headers: { 'x-rs-profiler-worker': worker } });
  }

  /** The metrics of all workers as text; null where there are no others. */
  async metrics() {
    return this.#workers ? { body: exposition(await this.#workers.families()), type: CONTENT_TYPE } : null;
  }

  /** What `GET` on the prefix says about the workers. */
  status() {
    return this.#workers ? this.#workers.status() : {};
  }
}

module.exports = { Elsewhere };
