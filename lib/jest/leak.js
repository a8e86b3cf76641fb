'use strict';
// `expect(fn).not.toLeak()`.

const { diagnose } = require('./diagnose');
const { judge, judgeAgain } = require('./judge');
const { leakText } = require('./message');
const { checkFunction, checkLeak } = require('./options');
const { notePending } = require('./pending');
const { driveAsync, driveSync, isThenable } = require('./run');

/** Calls that are watched for what they start. */
const WATCHED = 5;
/** Times that growth is looked for among the objects of the heap. */
const ATTEMPTS = 2;

/** Jest's answer. Its `pass` is true when the function leaks: the matcher is meant to be used with `not`. */
function answer(options, verdict, found) {
  if (!verdict.leaks) {
    const { iterations } = options;
    return { pass: false, message: () => `Expected the function to leak, but nothing stays of ${iterations} iterations.` };
  }
  const text = leakText({ ...options, ...verdict, ...found });
  return { pass: true, message: () => text };
}

/**
 * The finding of calls that the event loop turns between. What grows and is not among the objects of two snapshots is V8's own (code,
 * type feedback, lists for finalizers): the calls are judged once more, and such growth is no leak.
 */
async function finding(fn, options, first, forMs) {
  let verdict = first;
  for (let attempt = 0; attempt < ATTEMPTS && verdict.leaks; attempt += 1) {
    if (attempt > 0) verdict = await driveAsync(judgeAgain(options, verdict), fn, { forMs });
    if (!verdict.leaks) break;
    const found = await driveAsync(diagnose(options, verdict), fn, { forMs });
    if (found.shown !== false) return answer(options, verdict, found);
  }
  return answer(options, { leaks: false });
}

async function leakAsync(fn, options, steps) {
  const verdict = await driveAsync(steps, fn);
  if (!verdict.leaks) return answer(options, verdict);
  const note = notePending();
  let forMs;
  try {
    for (let call = 0; call < WATCHED; call += 1) await fn();
  } finally {
    ({ forMs } = note.end());
  }
  return forMs > 0 ? leakLater(fn, options, verdict, forMs) : finding(fn, options, verdict, forMs);
}

/** Work of the calls that is due in later turns is let come to its end, and the calls are judged once more. */
async function leakLater(fn, options, doubted, forMs) {
  return finding(fn, options, await driveAsync(judgeAgain(options, doubted), fn, { forMs }), forMs);
}

function leakSync(fn, options) {
  const verdict = driveSync(judge(options), fn);
  if (!verdict.leaks) return answer(options, verdict);
  const note = notePending();
  let pending;
  try {
    for (let call = 0; call < WATCHED; call += 1) fn();
  } finally {
    pending = note.end();
  }
  if (pending.soon) return leakLater(fn, options, verdict, pending.forMs);
  const found = driveSync(diagnose(options, verdict), fn);
  if (found.shown === false) return leakLater(fn, options, verdict, 0);
  return answer(options, verdict, found);
}

/** Verdicts of functions that return, which are not there yet: nobody expects to have to wait for them. */
const outstanding = new Set();

/** Notes a verdict until it is there. */
function note(promise, isNot) {
  const entry = { promise, isNot };
  outstanding.add(entry);
  const done = () => outstanding.delete(entry);
  promise.then(done, done);
  return promise;
}

/** At the end of a test: waits for verdicts that it did not wait for, and fails where one of them would have failed it. */
async function settleOutstanding() {
  const left = [...outstanding];
  outstanding.clear();
  for (const { promise, isNot } of left) {
    const { pass, message } = await promise;
    if (pass === isNot) throw new Error(`${message()}\n\nThis was known only after the test: write \`await expect(…)\`, since the function leaves work for later turns of the event loop.`);
  }
}

/**
 * The matcher. It returns a promise when `fn` does, and when what `fn` left behind is due in a later turn of the event loop.
 * @param {Function} fn
 * @param {{ iterations?: number, warmup?: number, toleranceBytes?: number }} [options]
 */
function toLeak(fn, options) {
  checkFunction('toLeak', fn);
  const checked = checkLeak(options);
  const first = fn();
  if (!isThenable(first)) {
    const answered = leakSync(fn, checked);
    return isThenable(answered) ? note(answered, Boolean(this?.isNot)) : answered;
  }
  return Promise.resolve(first).then(() => leakAsync(fn, checked, judge(checked)));
}

module.exports = { settleOutstanding, toLeak };
