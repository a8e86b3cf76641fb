'use strict';
// A CPU profile that is running, recorded by Node's inspector, with the methods of a native recording. Each has a session of its
// own, and a session has its own profiler: they do not disturb each other, nor other users' sessions.

const { FallbackCpuProfile } = require('./cpu-profile');
const { InspectorSession } = require('../native/inspector');
const { makeError, withMore } = require('../native/errors');

/** Recordings at once: each has a thread that samples, as each interval of the addon has. */
const MOST = 8;

/** The sessions that record. */
const running = new Set();

class FallbackCpuRecording {
  #missing;
  #session;
  #taken;

  /** @param {Error} missing why the addon does not record, for options that only it has */
  constructor(missing) {
    this.#missing = missing;
  }

  start({ samplingIntervalUs, mode }) {
    if (mode !== 'leafNodeLineNumbers') {
      throw withMore(this.#missing, `Only the native parts record with mode: '${mode}'.`);
    }
    if (running.size >= MOST) {
      throw makeError('TOO_MANY_PROFILES', `At most ${MOST} CPU profiles record at once where Node's inspector records them; wait for one `
        + 'of them to end.');
    }
    const session = new InspectorSession();
    this.#session = session;
    running.add(session);
    try {
      session.ask('Profiler.enable');
      session.ask('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
      session.ask('Profiler.start');
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  stop() {
    if (!this.#taken) {
      if (!this.#session) throw makeError('NOT_RUNNING', 'This CPU profile is not running any more.');
      try {
        this.#taken = new FallbackCpuProfile(this.#session.ask('Profiler.stop').profile);
      } finally {
        this.discard();
      }
    }
    return this.#taken;
  }

  /** Stops, if it is running. Can be repeated. */
  discard() {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    running.delete(session);
    session.close();
  }
}

module.exports = { FallbackCpuRecording };
