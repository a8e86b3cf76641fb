'use strict';
// The heartbeat of the event loop, and what a report of the addon says. The addon's thread notices when it stops.

const { fromNative, native } = require('../errors');

/** Between two heartbeats: often enough to notice a stall by an eighth of its length. */
const beatOf = (delayMs) => Math.max(5, Math.min(250, Math.round(delayMs / 8)));

/** As `lib/cpu-profile.js` asks it: whether this Node writes `^` into file URLs as it is. */
const caretKept = () => new URL('file:///^').pathname === '/^';

const ms = (value) => `${Math.round(value)} ms`;

function nameOf({ functionName, url, line }) {
  const name = functionName || '(anonymous)';
  return url ? `${name} (${url}:${line})` : `${name} (native)`;
}

/** One sentence: what stood still, and where. */
function sentenceOf({ stalledMs, profiledMs, selfMs, stack }, profiled) {
  const begin = `The event loop stood still for ${ms(stalledMs)}`;
  if (!profiled) {
    return `${begin}, and V8 let no profile begin: the thread was in native code (synchronous input or output, a process that was `
      + 'waited for, an addon, a garbage collection, a heap snapshot).';
  }
  if (stack.length === 0) return `${begin}; in the ${ms(profiledMs)} that were profiled no JavaScript was running.`;
  const caller = stack[0].url ? undefined : stack.find(({ url }) => url);
  return `${begin}: ${nameOf(stack[0])}${caller ? `, called by ${nameOf(caller)},` : ''} took ${ms(selfMs)} of the ${ms(profiledMs)} `
    + 'that were profiled.';
}

/** A report of the addon as `{ error, path, bytes, stall }`. */
function readReport(text) {
  const { stalledMs, waitedMs, startPauseMs, profile, error } = JSON.parse(text);
  const { path = null, bytes = 0, ...found } = profile || { samples: 0, profiledMs: 0, selfMs: 0, totalMs: 0, stack: [] };
  const stall = { stalledMs, waitedMs, startPauseMs, ...found, function: found.stack[0] || null };
  stall.sentence = sentenceOf(stall, profile !== null);
  return { error: error && fromNative({ message: error }), path, bytes, stall };
}

/**
 * Watches this thread's event loop.
 * @param {object} environment the native one
 * @param {{ delayMs: number, longestMs: number, samplingIntervalUs: number, folder?: string }} options
 * @param {() => boolean} wanted whether a stall that begins now shall be recorded
 * @param {(report: { error?: Error, path: string | null, bytes: number, stall: object }) => void} heard
 * @returns {() => void} ends it
 */
function watchStalls(environment, { delayMs, longestMs, samplingIntervalUs, folder }, wanted, heard) {
  const beatMs = beatOf(delayMs);
  const request = { beatMs, delayMs, longestMs, intervalUs: samplingIntervalUs, caretKept: caretKept(), folder };
  native(() => environment.watchStalls(request));
  let armed = true;
  const timer = setInterval(() => {
    const text = environment.stallBeat();
    if (text) heard(readReport(text));
    if (armed === wanted()) return;
    armed = !armed;
    environment.armStalls(armed);
  }, beatMs).unref();
  return () => {
    clearInterval(timer);
    environment.stopStalls();
  };
}

module.exports = { readReport, watchStalls };
