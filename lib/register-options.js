'use strict';
// The text of RS_PROFILER_OPTIONS: a list `name=value,name=value`, or the JSON of an object. Nothing is thrown: what cannot be
// understood is listed, and left out.

/** Signals that a handler can be put on without breaking the process. SIGUSR1 starts Node's inspector. */
const SIGNALS = ['SIGUSR2', 'SIGHUP', 'SIGPWR', 'SIGIO', 'SIGURG', 'SIGWINCH'];

const isWord = (value) => typeof value === 'string' && value !== '';
const isNumber = (value) => typeof value === 'number';
const isSwitch = (value) => typeof value === 'boolean';
const isSignal = (value) => value === 'none' || SIGNALS.includes(value);
const isGrowth = (value) => isSwitch(value) || (value !== null && typeof value === 'object');
const isCpu = (value) => isNumber(value) || (value !== null && typeof value === 'object');

/** Which part of the settings a name is of, and what its value is like; ranges are checked by `watch`. */
const NAMES = {
  heapUsedRatio: ['conditions', isNumber],
  rssBytes: ['conditions', isNumber],
  cgroupRatio: ['conditions', isNumber],
  eventLoopDelayMs: ['conditions', isNumber],
  cpuRatio: ['conditions', isCpu],
  everyMs: ['conditions', isNumber],
  growth: ['conditions', isGrowth],
  folder: ['action', isWord],
  kind: ['action', isWord],
  checkMs: ['action', isNumber],
  coolDownMs: ['action', isNumber],
  maxCount: ['action', isNumber],
  durationMs: ['action', isNumber],
  samplingIntervalUs: ['action', isNumber],
  intervalBytes: ['action', isNumber],
  stackDepth: ['action', isNumber],
  compress: ['action', isWord],
  compressionLevel: ['action', isNumber],
  redact: ['action', isWord],
  isolation: ['action', isWord],
  headroom: ['action', isSwitch],
  keepCount: ['retention', isNumber],
  keepAgeMs: ['retention', isNumber],
  keepBytes: ['retention', isNumber],
  heapSnapshotSignal: ['signals', isSignal],
  cpuProfileSignal: ['signals', isSignal],
  samplingHeapProfileSignal: ['signals', isSignal],
  workers: ['settings', isSwitch],
};

/** A number, a switch, or the text itself. */
function valueOf(text) {
  if (/^(true|on)$/.test(text)) return true;
  if (/^(false|off)$/.test(text)) return false;
  if (/^\d+(\.\d+)?(e\d+)?$/i.test(text)) return Number(text);
  return text;
}

/** `[name, value]` of each word; a backslash before a comma makes it part of the value. */
function wordsOf(text) {
  return text
    .split(/(?<!\\),/)
    .map((word) => word.replace(/\\,/g, ',').trim())
    .filter(Boolean)
    .map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [word, true] : [word.slice(0, at).trim(), valueOf(word.slice(at + 1).trim())];
    });
}

function entriesOf(text) {
  if (!text.trim().startsWith('{')) return wordsOf(text);
  return Object.entries(JSON.parse(text));
}

const own = (object, name) => (Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined);

/**
 * Parses the text. The last of a name wins.
 * @param {string} [text]
 * @returns {{ conditions: object, action: object, retention: object, signals: object, settings: object, problems: string[] }}
 */
function parseRegisterOptions(text = '') {
  const parsed = { conditions: {}, action: {}, retention: {}, signals: {}, settings: {}, problems: [] };
  let entries = [];
  try {
    entries = entriesOf(text);
  } catch (error) {
    parsed.problems.push(`it is no JSON (${error.message})`);
  }
  for (const [name, value] of entries) {
    const [part, fits] = own(NAMES, name) || [];
    if (!part) parsed.problems.push(`${name} is no option`);
    else if (!fits(value)) parsed.problems.push(`${name} cannot be ${JSON.stringify(value)}`);
    else parsed[part][name] = value;
  }
  return parsed;
}

module.exports = { SIGNALS, parseRegisterOptions };
