'use strict';
// The debug routes of a service, whatever its framework: captures, what was captured, reports, metrics.
//
// A request is neutral: { method, path (below the prefix: '' or '/…'), query (URLSearchParams), headers (lower case),
// remoteAddress, signal (aborted when the client goes away), context (the framework's) }. An answer is
// { status, headers, body: string | Readable | undefined }.

const path = require('path');
const { makeError } = require('../errors');
const { keepClean, newName } = require('../retention');
const { failure, file, json, refusal, text } = require('./answers');
const { Captures, isOn, limited } = require('./captures');
const { Elsewhere } = require('./elsewhere');
const { prepareFolder } = require('./folder');
const { judge } = require('./guard');
const { Metrics } = require('./metrics');
const { checkServiceOptions } = require('./options');
const { Rate } = require('./rate');
const { writeReportApart } = require('./report');
const { cleanUp, listCaptures, openCapture, removeCapture } = require('./retention');
const { HostTurns, busy } = require('./turns');

const KINDS = ['heap-snapshot', 'cpu-profile', 'sampling-heap-profile'];
const TYPES = { '.gz': 'application/gzip', '.zst': 'application/zstd' };
/** A report that takes longer is given up. */
const REPORT_MS = 600_000;
const NOT_FOUND = () => refusal(404, 'Not found.');

class Service {
  #profiler;
  #options;
  #captures;
  #turns;
  #rate;
  #elsewhere;
  /** The report that is being made. */
  #reporting = null;
  #closed = new AbortController();
  #endCleaning = () => {};

  constructor(profiler, given) {
    const options = checkServiceOptions(given);
    this.#profiler = profiler;
    this.#options = options;
    /** Whether the routes are there at all. */
    this.enabled = options.enabled;
    /** The recorder of requests; null with `metrics: false`. */
    this.requests = options.metrics === false ? null : new Metrics(options.metrics);
    if (!options.enabled) return;
    prepareFolder(options.folder);
    this.#captures = new Captures(profiler, options, this.#closed.signal);
    this.#turns = options.turns || new HostTurns(options.folder);
    // Who gives turns to several processes counts for all of them.
    this.#rate = this.#turns.counts ? null : new Rate(options.rate);
    this.#elsewhere = new Elsewhere(options.workers, options.folder);
    this.#endCleaning = keepClean(options.folder, options.retention);
  }

  /** The folder of stored captures. */
  get folder() {
    return this.#options.folder;
  }

  /** Metrics of the process and its requests, as an object; see `ServiceMetrics`. */
  metrics() {
    if (!this.requests) throw makeError('INVALID_ARGUMENT', 'metrics() needs metrics that are on: they were switched off with metrics: false.');
    return this.requests.snapshot();
  }

  /** What is running, what was captured, and what can be. */
  async status() {
    const captures = await listCaptures(this.folder);
    return {
      running: (await this.#turns.current?.()) ?? null,
      captures: captures.map(({ name, kind, bytes, createdAt }) => ({ name, kind, bytes, createdAt })),
      limits: { maxSeconds: this.#options.maxSeconds, maxBytes: this.#options.maxBytes, rate: this.#options.rate, retention: this.#options.retention },
      capabilities: this.#profiler.capabilities(),
      ...(await this.#elsewhere.status()),
    };
  }

  /**
   * Captures into the folder, as a request with `store` does: one at a time on this host.
   * @param {'heap-snapshot' | 'cpu-profile' | 'sampling-heap-profile'} kind
   * @param {Record<string, string>} [query] as in the route's query
   * @param {{ signal?: AbortSignal, hasTurn?: boolean }} [options] `hasTurn`: the caller has taken the turn
   */
  async capture(kind, query = {}, { signal = new AbortController().signal, hasTurn = false } = {}) {
    if (!this.enabled) throw makeError('INVALID_ARGUMENT', 'The service is switched off with enabled: false.');
    if (!KINDS.includes(kind)) throw makeError('INVALID_ARGUMENT', `kind must be one of ${KINDS.join(', ')}.`, TypeError);
    const plan = this.#captures.plan(kind, new URLSearchParams(query));
    if (hasTurn) return this.#store(plan, signal);
    const release = await this.#turn(plan, signal);
    try {
      return await this.#store(plan, signal);
    } finally {
      await release();
    }
  }

  /** Removes stored captures by the limits of `retention`; resolves with their names. */
  cleanUp() {
    return cleanUp(this.folder, this.#options.retention);
  }

  /** Ends a capture or report that runs, and the observation of metrics. Repeatable. */
  close() {
    this.#closed.abort();
    this.#endCleaning();
    this.requests?.close();
  }

  /**
   * Answers a request; null where there is no such route, so that the framework's own answer holds. Never rejects.
   * @param {object} request
   */
  async handle(request) {
    if (!this.enabled) return null;
    const begin = performance.now();
    const event = { action: `${request.method} ${request.path || '/'}`, remoteAddress: request.remoteAddress };
    const failed = (error) => Object.assign(event, { error }, typeof error?.code === 'string' && { code: error.code });
    let answer;
    try {
      const refused = await judge(this.#options.access, request);
      if (refused && 'error' in refused) failed(refused.error);
      answer = refused ? refusal(refused.status, refused.message, refused.headers) : await this.#route(request, event);
    } catch (error) {
      failed(error);
      answer = failure(error);
    }
    const streaming = typeof answer.body === 'object';
    const tell = (outcome) => this.#audit({ ...event, status: answer.status, outcome, durationMs: performance.now() - begin }, request.context);
    // Heard until the end: the framework may listen too late, and an error that nobody hears ends the process.
    if (streaming) answer.body.on('error', failed);
    if (streaming) answer.body.once('close', () => tell(answer.body.readableEnded ? 'done' : 'aborted'));
    else tell(answer.status < 400 ? 'done' : answer.status < 500 ? 'refused' : 'failed');
    return answer;
  }

  #audit(event, context) {
    const { audit } = this.#options;
    if (!audit) return;
    try {
      // What an audit function does, or rejects with, is no matter of the request.
      Promise.resolve(audit({ time: new Date().toISOString(), ...event }, context)).catch(() => {});
    } catch {
      // Nor what it throws.
    }
  }

  async #route(request, event) {
    const { method, query } = request;
    const reads = method === 'GET' || method === 'HEAD';
    const [, first = '', name, ...rest] = request.path.split('/');
    if (rest.length > 0) return NOT_FOUND();
    const allow = (methods, answer) => (methods.includes(method) ? answer() : refusal(405, `Use ${methods[0]}.`, { allow: methods.join(', ') }));
    if (name === undefined || name === '') {
      if (first === '') return allow(['GET', 'HEAD'], async () => json(200, await this.status()));
      if (first === 'metrics' && this.requests) return allow(['GET', 'HEAD'], () => this.#metricsText());
      if (KINDS.includes(first)) return allow(['POST'], () => this.#capture(first, request, event));
    } else {
      event.name = name;
      if (first === 'captures') return allow(['GET', 'HEAD', 'DELETE'], () => (reads ? this.#download(name, method) : this.#remove(name)));
      if (first === 'report') return allow(['GET'], () => this.#report(name, query.get('base'), request.signal));
    }
    return NOT_FOUND();
  }

  async #metricsText() {
    const { body, type } = (await this.#elsewhere.metrics()) ?? (await this.requests.text());
    return text(200, body, type);
  }

  /** Takes the turn of this host, after the limit of this process. */
  async #turn({ kind }, signal) {
    // Those who clean temporary folders may have taken it away.
    prepareFolder(this.folder);
    const giveBack = await this.#turns.take({ kind, signal });
    const release = async () => {
      try {
        await giveBack();
      } catch {
        // It may be called by a stream that closes: there is nobody to tell, and who gives the turns has to mend them.
      }
    };
    try {
      this.#rate?.count();
      return release;
    } catch (error) {
      await release();
      throw error;
    }
  }

  async #store(plan, signal) {
    const result = await this.#captures.store(plan, signal);
    await this.cleanUp();
    return { name: plan.name, kind: plan.kind, ...result };
  }

  async #capture(kind, request, event) {
    const { query, signal } = request;
    const plan = this.#captures.plan(kind, query);
    if (this.#elsewhere.concerns(query)) return this.#elsewhere.capture(plan, request, event, isOn(query, 'store'));
    event.name = plan.name;
    const release = await this.#turn(plan, signal);
    let streaming = false;
    try {
      if (isOn(query, 'store')) {
        // Where the folder lies is no matter of the client.
        const stored = { ...(await this.#store(plan, signal)), path: undefined };
        return json(201, stored, { location: `captures/${plan.name}` });
      }
      const { body, bytes, isolation } = await this.#captures.stream(plan, signal);
      // A profile is whole by now, and how fast the client takes it is no matter of others.
      streaming = plan.kind === 'heap-snapshot';
      if (streaming) body.once('close', release);
      const headers = isolation && { 'x-rs-profiler-isolation': isolation };
      return file(body, { name: plan.name, type: plan.type, bytes, headers });
    } finally {
      if (!streaming) await release();
    }
  }

  async #download(name, method) {
    const opened = await openCapture(this.folder, name);
    if (!opened) return NOT_FOUND();
    const { handle, bytes } = opened;
    const answer = file(undefined, { name, type: TYPES[path.extname(name)] || 'application/json', bytes });
    if (method === 'HEAD') await handle.close();
    else answer.body = handle.createReadStream();
    return answer;
  }

  async #remove(name) {
    if (!(await removeCapture(this.folder, name))) return NOT_FOUND();
    return json(200, { removed: name });
  }

  /** The HTML report of a stored capture, of a heap snapshot against an earlier one with `base`; one at a time. */
  async #report(name, base, signal) {
    const names = base === null ? [name] : [base, name];
    if (names.some((each) => each.endsWith('.heapprofile'))) return refusal(422, 'Reports are made of heap snapshots and CPU profiles. Download this file instead.');
    for (const each of names) {
      const opened = await openCapture(this.folder, each);
      if (!opened) return NOT_FOUND();
      await opened.handle.close();
    }
    if (this.#reporting) throw busy(this.#reporting);
    this.#reporting = { kind: 'report', pid: process.pid, since: new Date().toISOString() };
    const timeout = AbortSignal.timeout(REPORT_MS);
    const limit = limited([signal, this.#closed.signal, timeout], Infinity);
    let release;
    try {
      // The analysis of a snapshot takes more memory than taking it. Egg's agent gives turns to captures alone.
      if (this.#turns instanceof HostTurns) release = await this.#turns.take({ kind: 'report' });
      const output = path.join(this.folder, newName('report', 'html'));
      await writeReportApart(names.map((each) => path.join(this.folder, each)), output, { signal: limit.signal });
      return await readAndRemove(output);
    } catch (error) {
      if (timeout.aborted) throw makeError('REPORT_FAILED', `The report took longer than ${REPORT_MS / 60_000} minutes: download the files, and make it with npx rs-profiler report.`);
      throw error;
    } finally {
      limit.end();
      release?.();
      this.#reporting = null;
    }
  }
}

/** A report has at most 5 MB. */
async function readAndRemove(output) {
  const { readFile, unlink } = require('fs').promises;
  try {
    const body = await readFile(output, 'utf8');
    return text(200, body, 'text/html; charset=utf-8', { 'content-disposition': 'inline' });
  } finally {
    await unlink(output);
  }
}

/**
 * Makes the routes' service.
 * @param {object} profiler the module `rs-profiler`
 * @param {object} options see `ServiceOptions`
 */
const createService = (profiler, options) => new Service(profiler, options);

module.exports = { createService };
