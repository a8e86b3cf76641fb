'use strict';
// The three kinds of capture, as a request asks for them: into the folder, or as a stream to the client.

const fs = require('fs');
const path = require('path');
const { pipeline } = require('stream');
const { invalidArgument } = require('../errors');
const { metered, tooLarge } = require('./metered');
const { checkChoice, checkInteger } = require('../options');
const { newName } = require('../retention');

const SUFFIX = { none: '', gzip: '.gz', zstd: '.zst' };
const TYPES = { none: 'application/json', gzip: 'application/gzip', zstd: 'application/zstd' };
/** Half a minute shows what a service does under load. */
const DEFAULT_SECONDS = 30;

/** A number of the query. */
function numberOf(query, name) {
  const text = query.get(name);
  if (text === null) return undefined;
  return /^\d{1,12}$/.test(text) ? Number(text) : NaN;
}

/** Whether a query switches something on. */
const isOn = (query, name) => ['', '1', 'true', 'yes'].includes(query.get(name) ?? 'no');

function integer(query, name, fallback, least, most) {
  return checkInteger({ [name]: numberOf(query, name) }, name, fallback, least, most);
}

function secondsOf(query, maxSeconds) {
  return integer(query, 'seconds', Math.min(DEFAULT_SECONDS, maxSeconds), 1, maxSeconds);
}

/** Redaction that a request may ask for where the service has none; it can take none away. */
function redactOf(query, configured) {
  const asked = query.get('redact');
  if (asked === null) return configured;
  checkChoice({ redact: asked }, 'redact', ['none', 'strings']);
  if (configured === 'none') return asked;
  if (asked === 'none') throw invalidArgument('Snapshots of this service are redacted: redact=none is not to be had.');
  return configured;
}

/** A signal that others abort (the client goes away, the service closes), and too many bytes. */
function limited(signals, maxBytes) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  }
  let error;
  return {
    signal: controller.signal,
    onProgress({ phase, done }) {
      if (phase !== 'write' || done <= maxBytes || error) return;
      error = tooLarge(maxBytes);
      controller.abort(error);
    },
    end() {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
    /** The reason of an abort, where it is ours. */
    reason: () => error,
  };
}

class Captures {
  #profiler;
  #options;
  #closed;

  /**
   * @param {object} profiler the module `rs-profiler`
   * @param {object} options of the service, checked
   * @param {AbortSignal} closed aborted when the service closes
   */
  constructor(profiler, options, closed) {
    this.#profiler = profiler;
    this.#options = options;
    this.#closed = closed;
  }

  /** What a request asks for, checked before it takes a turn. */
  plan(kind, query) {
    const { maxSeconds, heapSnapshot } = this.#options;
    if (kind === 'heap-snapshot') {
      const compress = query.has('compress') ? checkChoice({ compress: query.get('compress') }, 'compress', Object.keys(SUFFIX)) : heapSnapshot.compress;
      const stableIds = query.has('stableIds') ? isOn(query, 'stableIds') : heapSnapshot.stableIds;
      const options = { ...heapSnapshot, compress, redact: redactOf(query, heapSnapshot.redact), stableIds, whenBusy: 'refuse' };
      return { kind, name: newName(kind, `heapsnapshot${SUFFIX[compress]}`), type: TYPES[compress], options };
    }
    const durationMs = secondsOf(query, maxSeconds) * 1000;
    if (kind === 'cpu-profile') {
      const samplingIntervalUs = integer(query, 'intervalUs', 1000, 50, 1_000_000);
      return { kind, name: newName(kind, 'cpuprofile'), type: TYPES.none, options: { durationMs, samplingIntervalUs } };
    }
    const intervalBytes = integer(query, 'intervalBytes', 512 * 1024, 1024, 2 ** 30);
    return { kind, name: newName(kind, 'heapprofile'), type: TYPES.none, options: { durationMs, intervalBytes } };
  }

  /** Captures into the folder; resolves with what the capture call says. */
  async store({ kind, name, options }, signal) {
    const target = path.join(this.#options.folder, name);
    const limit = limited([signal, this.#closed], this.#options.maxBytes);
    const { onProgress } = limit;
    try {
      const result = await this.#take(kind, target, { ...options, signal: limit.signal, onProgress });
      if (result.bytes <= this.#options.maxBytes) return result;
      // It was written faster than progress is told.
      await fs.promises.unlink(target);
      throw tooLarge(this.#options.maxBytes);
    } catch (error) {
      throw limit.reason() || error;
    } finally {
      limit.end();
    }
  }

  #take(kind, target, options) {
    const { captureCpuProfile, captureSamplingHeapProfile, writeHeapSnapshot } = this.#profiler;
    if (kind === 'heap-snapshot') return writeHeapSnapshot(target, options);
    return (kind === 'cpu-profile' ? captureCpuProfile : captureSamplingHeapProfile)({ ...options, path: target });
  }

  /**
   * Captures for a client: a stream, when its first bytes are there. A heap snapshot never touches the disk; a profile is a file
   * without a name by then.
   */
  async stream(plan, signal) {
    if (plan.kind !== 'heap-snapshot') {
      const { path: file } = await this.store(plan, signal);
      const handle = await fs.promises.open(file, 'r');
      await fs.promises.unlink(file);
      return { body: handle.createReadStream(), bytes: (await handle.stat()).size };
    }
    const { maxBytes } = this.#options;
    const limit = limited([signal, this.#closed], maxBytes);
    try {
      const source = this.#profiler.createHeapSnapshotStream({ ...plan.options, signal: limit.signal });
      // What ends one ends the other.
      const body = pipeline(source, metered(maxBytes), limit.end);
      await new Promise((resolve, reject) => {
        body.once('readable', resolve).once('error', reject);
      });
      return { body, isolation: source.isolation };
    } catch (error) {
      limit.end();
      throw error;
    }
  }
}

module.exports = { Captures, isOn, limited };
