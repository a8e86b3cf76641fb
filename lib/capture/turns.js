'use strict';
// Captures that take turns: one child at a time, which is one more memory image at most.

const { abortError } = require('../native/errors');
const { throwIfAborted } = require('../options/checks');
const { ONCE } = require('../options/signal');

/** Resolves when the last of those who asked has had its turn. */
let last = Promise.resolve();

/** Waits for a promise that does not reject, unless the signal is aborted before. */
async function unlessAborted(promise, signal) {
  if (!signal) return promise;
  throwIfAborted(signal);
  let abort;
  const aborted = new Promise((resolve, reject) => {
    abort = () => reject(abortError(signal));
    signal.addEventListener('abort', abort, ONCE);
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Calls `use` when all who asked before have had their turn. Resolves with what it resolves with. */
async function inTurn(signal, use) {
  const before = last;
  let done;
  const own = new Promise((resolve) => {
    done = resolve;
  });
  last = before.then(() => own);
  try {
    await unlessAborted(before, signal);
    return await use();
  } finally {
    done();
  }
}

module.exports = { inTurn };
