'use strict';
// The options of heap snapshots with promises and streams, and who takes one.

const { forkRefused } = require('../native/errors');
const { forkRefusal } = require('../native/fork-support');
const { ISOLATIONS, checkBoolean, checkChoice, checkFunction, checkOptions, checkSignal } = require('../options/checks');
const { forwardOnly } = require('./progress');

const OPTIONS = ['isolation', 'signal', 'onProgress', 'exposeInternals', 'exposeNumericValues'];

/** `others` are names of further options, whose values are not looked at. */
function checkSnapshotOptions(given, others = []) {
  const options = checkOptions(given, [...others, ...OPTIONS]);
  return {
    __proto__: null,
    ...options,
    signal: checkSignal(options),
    onProgress: forwardOnly(checkFunction(options, 'onProgress')),
    exposeInternals: checkBoolean(options, 'exposeInternals'),
    exposeNumericValues: checkBoolean(options, 'exposeNumericValues'),
    isolation: checkChoice(options, 'isolation', ISOLATIONS),
  };
}

/**
 * Decides who takes a snapshot.
 * @returns {{ isolation: 'fork' | 'inline', isolationReason: string }} the reason is a sentence
 * @throws {Error} ERR_RS_PROFILER_FORK_FAILED when a fork was demanded and cannot be
 */
function decideIsolation(wanted) {
  if (wanted === 'inline') {
    return { isolation: 'inline', isolationReason: "The caller wants it in the process itself: isolation: 'inline'." };
  }
  const refusal = forkRefusal(wanted);
  if (!refusal) return { isolation: 'fork', isolationReason: 'A forked child can take snapshots here.' };
  if (wanted === 'fork') throw forkRefused(refusal);
  return { isolation: 'inline', isolationReason: refusal };
}

/** The facts of a snapshot that the process takes because no child could. */
function afterFailure({ phase, reason }) {
  return { isolation: 'inline', isolationReason: `A forked child was tried and failed in phase ${phase}: ${reason}.` };
}

module.exports = { afterFailure, checkSnapshotOptions, decideIsolation };
