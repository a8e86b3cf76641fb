'use strict';

/**
 * A companion that watches a process and the children that it forks: the most memory that they hold together.
 *
 * It counts proportional memory (`Pss`): a page that two processes share counts half for each, so that what a forked
 * child has not changed does not count twice. It only looks while there is a child; without one the watched process
 * knows its own peak better.
 */

const fs = require('fs');
const { serveQuestions } = require('../lib/companion');
const { now, sleep } = require('../lib/main-thread');

const LOOK_MS = 10;

function proportional(pid) {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return parseInt(text.slice(text.indexOf('\nPss:') + 5), 10) * 1024;
}

function childrenOf(pid) {
  return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

/** Memory of the process and its new children; undefined without children, or when one of them has just gone. */
function together(pid, known) {
  try {
    const born = childrenOf(pid).filter((child) => !known.includes(child));
    if (born.length === 0) return undefined;
    return [pid, ...born].reduce((sum, each) => sum + proportional(each), 0);
  } catch {
    return undefined;
  }
}

let peak = 0;
let looks = 0;

/** Looking costs the kernel a walk of all pages, and a CPU meanwhile: for no more than `share` of the time. */
async function watch(pid, known, share) {
  for (;;) {
    const begin = now();
    const sum = together(pid, known);
    if (sum !== undefined) {
      looks++;
      peak = Math.max(peak, sum);
    }
    await sleep(Math.max(LOOK_MS, (now() - begin) / share));
  }
}

serveQuestions(({ begin, end }) => {
  if (begin) {
    // Other companions are children too.
    watch(begin.pid, childrenOf(begin.pid), begin.share);
    return { start: proportional(begin.pid) };
  }
  if (end) return { peak, looks };
});
