'use strict';

/**
 * Faulty receivers: an error of the call or of the stream, never an unhandled rejection or an uncaught exception that the
 * caller could not catch. All run in one child, which hears of every error that nobody caught.
 */

const { runClean } = require('../helpers/child');

/** Runs in the child: exports into each receiver, and tells what came of it. */
function scenarios({ profiler, report }) {
  const { EventEmitter } = require('node:events');
  const { PassThrough, Writable } = require('node:stream');
  const { WritableStream } = require('node:stream/web');
  const mine = () => {
    throw new Error('mine');
  };
  const emitter = (methods) => Object.assign(new EventEmitter(), { write: () => true, end() {} }, methods);
  const writer = (methods) => ({
    getWriter: () => ({ write: async () => {}, close: async () => {}, abort: async () => {}, releaseLock() {}, ...methods }),
  });
  const ended = () => {
    const stream = new PassThrough();
    stream.end();
    return stream;
  };
  const receivers = {
    'a locked WritableStream': () => {
      const stream = new WritableStream();
      stream.getWriter();
      return stream;
    },
    'getWriter throws': () => ({ getWriter: mine }),
    'getWriter gives nothing': () => ({ getWriter() {} }),
    'a writer without methods': () => ({ getWriter: () => ({}) }),
    'a writer without closed and ready': () => writer({}),
    'a writer whose closed throws': () => ({
      getWriter: () => Object.defineProperty(writer({}).getWriter(), 'closed', { get: mine }),
    }),
    'a writer whose write throws': () => writer({ write: mine }),
    'a writer whose abort and releaseLock throw too': () => writer({ write: mine, abort: mine, releaseLock: mine }),
    'a writer that rejects everything': () => writer(
      Object.fromEntries(['write', 'close', 'abort'].map((name) => [name, async () => mine()]))),
    'a sink that throws': () => new WritableStream({ write: mine }),
    'no removeListener': () => ({ write: () => true, end() {}, on() { return this; } }),
    'on throws': () => ({ write: () => true, end() {}, on: mine }),
    'on throws for close': () => ({ write: () => true, end() {}, on: (event) => event === 'close' && mine() }),
    'on throws for symbols': () => ({ write: () => true, end() {}, on: (event) => typeof event === 'symbol' && mine() }),
    'removeListener throws': () => emitter({ removeListener: mine }),
    'end throws': () => emitter({ end: mine }),
    'write throws': () => emitter({ write: mine }),
    'write throws, without events': () => ({ write: mine, end() {}, on() {} }),
    'emit throws': () => emitter({ write: mine, emit: mine }),
    'a Writable that throws': () => new Writable({ write: mine }),
    'destroy throws': () => Object.assign(new Writable({ write: mine }), { destroy: mine }),
    'a destroyed getter that throws': () => Object.defineProperty(emitter({}), 'destroyed', { get: mine }),
    'a stream that has ended': ended,
    'a stream that is destroyed': () => new PassThrough().destroy(),
  };

  const uncaught = [];
  process.on('uncaughtException', (error) => uncaught.push(`uncaught: ${error?.stack}`));
  process.on('unhandledRejection', (error) => uncaught.push(`unhandled: ${error?.stack}`));
  const warnings = [];
  process.emitWarning = (text, { code } = {}) => warnings.push(code);

  profiler.startProfiling('faulty');
  const profile = profiler.stopProfiling('faulty');
  const snapshot = profiler.takeSnapshot();
  const results = [];
  for (const [name, make] of Object.entries(receivers)) {
    for (const [exporter, listening] of [[profile, true], [profile, false], [snapshot, true]]) {
      const result = { name, listening, errors: [] };
      results.push(result);
      const receiver = make();
      if (listening && receiver instanceof EventEmitter) receiver.on('error', (error) => result.errors.push(error.message));
      try {
        exporter.export(receiver);
      } catch (error) {
        result.thrown = { code: error.code, message: error.message };
      }
    }
  }
  // When the process has nothing left to do, all exports have ended.
  process.once('beforeExit', () => {
    profile.export((error, text) => report({ results, uncaught, warnings, works: JSON.parse(text).title }));
  });
}

describe('a faulty receiver', () => {
  let seen;

  beforeAll(async () => {
    seen = await runClean(scenarios);
  });

  const of = (name) => seen.results.filter((result) => result.name === name);

  test('causes no unhandled rejection and no uncaught exception, and the next export works', () => {
    expect(seen.uncaught).toEqual([]);
    expect(seen.works).toBe('faulty');
  });

  test.each([
    ['a locked WritableStream', 'ERR_RS_PROFILER_INVALID_ARGUMENT', /locked/],
    ['getWriter throws', 'ERR_RS_PROFILER_INVALID_ARGUMENT', /mine/],
    ['getWriter gives nothing', 'ERR_RS_PROFILER_INVALID_ARGUMENT', /getWriter/],
    ['a writer without methods', 'ERR_RS_PROFILER_INVALID_ARGUMENT', /getWriter/],
    ['a stream that has ended', 'ERR_RS_PROFILER_INVALID_ARGUMENT', /ended/],
    ['on throws', undefined, /^mine$/],
    ['on throws for close', undefined, /^mine$/],
  ])('%s: export() throws', (name, code, message) => {
    expect(of(name)).toHaveLength(3);
    for (const { thrown } of of(name)) {
      expect(thrown.code).toBe(code);
      expect(thrown.message).toMatch(message);
    }
  });

  test.each([['end throws'], ['write throws'], ['a Writable that throws']])('%s: its error event', (name) => {
    expect(of(name).map(({ errors }) => errors)).toEqual([['mine'], [], ['mine']]);
  });

  test('nobody listens: a warning with a code', () => {
    expect(seen.warnings.length).toBeGreaterThanOrEqual(5);
    expect(new Set(seen.warnings)).toEqual(new Set(['ERR_RS_PROFILER_RECEIVER_FAILED']));
  });

  test.each([['no removeListener'], ['a writer without closed and ready'], ['on throws for symbols'], ['a stream that is destroyed']])(
    '%s: no error',
    (name) => {
      for (const { thrown, errors } of of(name)) expect({ thrown, errors }).toEqual({ errors: [] });
    },
  );
});
