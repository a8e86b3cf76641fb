'use strict';
// Options of the promise-based heap snapshots: checked, and as the addon wants them.

const { isRegExp } = require('util').types;
const binding = require('../binding');
const { invalidArgument, native } = require('./errors');
const { checkBoolean, checkChoice, checkFunction, checkInteger, checkOptions, checkSignal } = require('./options');

/** What the name of a file ends with. */
const SUFFIX = { none: '', gzip: '.gz', zstd: '.zst' };

/** A regular expression as the addons take it. Loads the analysis addon, which has the engine. */
function checkPattern({ source, flags }) {
  const { natives } = require('./analysis/task');
  native(() => natives().NativeHeapAnalysis.checkPattern(source, flags));
  return { source, flags };
}

/** The redaction: undefined for none, else what the addon wants. */
function checkRedact({ redact = 'none' }) {
  if (redact === 'none') return undefined;
  if (redact === 'strings') return { keep: [] };
  if (redact === null || typeof redact !== 'object') {
    throw invalidArgument("redact must be 'none', 'strings' or an object { keep, keys, salt }.");
  }
  const { keep = [], keys = false, salt } = redact;
  if (!Array.isArray(keep) || !keep.every(isRegExp)) throw invalidArgument('redact.keep must be an array of RegExp.');
  if (typeof keys !== 'boolean') throw invalidArgument('redact.keys must be true or false.');
  if (salt !== undefined && (typeof salt !== 'string' || salt === '')) {
    throw invalidArgument('redact.salt must be a string that is not empty.');
  }
  if (salt !== undefined && !keys) throw invalidArgument('redact.salt has no use without redact.keys: true.');
  return {
    keep: keep.map(checkPattern),
    // The engine for them.
    patternsFrom: keep.length > 0 ? binding.analysisPath() : undefined,
    salt: keys ? saltBytes(salt).toString('hex') : undefined,
  };
}

/** 16 bytes: of the caller's words, or by chance. */
function saltBytes(salt) {
  // Takes milliseconds to load.
  const crypto = require('crypto');
  return salt === undefined ? crypto.randomBytes(16) : crypto.createHash('sha256').update(salt).digest().subarray(0, 16);
}

/** What `writeHeapSnapshot` and `createHeapSnapshotStream` are given. */
function checkSnapshotOptions(given) {
  const options = checkOptions(given);
  const compress = checkChoice(options, 'compress', ['none', 'gzip', 'zstd']);
  const level = checkInteger(options, 'compressionLevel', undefined, 1, compress === 'gzip' ? 9 : 19);
  if (level !== undefined && compress === 'none') {
    throw invalidArgument("compressionLevel has no use without compress: 'gzip' or 'zstd'.");
  }
  return {
    signal: checkSignal(options),
    onProgress: checkFunction(options, 'onProgress'),
    exposeInternals: checkBoolean(options, 'exposeInternals'),
    exposeNumericValues: checkBoolean(options, 'exposeNumericValues'),
    isolation: checkChoice(options, 'isolation', ['auto', 'fork', 'inline']),
    whenBusy: checkChoice(options, 'whenBusy', ['wait', 'refuse']),
    stableIds: checkBoolean(options, 'stableIds'),
    headroom: options.headroom === undefined || checkBoolean(options, 'headroom'),
    compress,
    pipeline: { compress, compressLevel: level, ...checkRedact(options) },
  };
}

/** What the result says of a redaction: counts, or nothing where none was asked for. */
function redactedOf({ keep }, { strings, blanked, blankedUnits, weakPairs, keys, indexes, kept }) {
  return keep && { strings, blanked, blankedUnits, weakPairs, keys, indexes, kept };
}

module.exports = { SUFFIX, checkRedact, checkSnapshotOptions, redactedOf };
